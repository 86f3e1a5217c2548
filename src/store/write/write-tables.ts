import type { Session } from '../database/session.ts';
import { movePools } from './move-pools.ts';
import { insertRequestKeys } from './request-keys.ts';
import { type PartitionRows, writeReservations } from './write-reservations.ts';
import { writeShows } from './write-shows.ts';

/**
 * What decisions change in the tables that are read: for batches as they are committed, and for the journal when they are
 * rebuilt. That both go through here is what makes rebuilt tables the same, byte for byte. How the journal is cut into
 * pieces changes nothing.
 */
export const writeTables = async (session: Session, parts: readonly PartitionRows[]): Promise<void> => {
  await insertRequestKeys(
    session,
    parts.flatMap(({ entries }) => entries),
  );
  await writeReservations(session, parts);
  await movePools(session, await writeShows(session, parts));
};
