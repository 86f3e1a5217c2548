import type { JournalEntry } from '../domain/decisions.ts';
import { insertRequestKeys } from './insert-request-keys.ts';
import { movePools } from './move-pools.ts';
import type { Session } from './session.ts';
import { type PendingEntry, writeReservations } from './write-reservations.ts';
import { writeShows } from './write-shows.ts';

/**
 * What decisions change in the tables that are read: for a batch as it is committed, and for the journal when they are
 * rebuilt. That both go through here is what makes rebuilt tables the same, byte for byte. How the journal is cut into
 * pieces changes nothing.
 */
export const writeTables = async (
  session: Session,
  partition: number,
  {
    entries,
    parked,
  }: { readonly entries: readonly JournalEntry[]; readonly parked: readonly PendingEntry[] },
): Promise<void> => {
  await insertRequestKeys(session, entries);
  await writeReservations(session, partition, { entries, parked });
  const changed = await writeShows(session, partition, entries);
  await movePools(session, partition, { entries, changed });
};
