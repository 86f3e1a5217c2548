import type { Session } from '../database/session.ts';
import { movePools } from './move-pools.ts';
import { insertRequestKeys } from './request-keys.ts';
import { type PartitionRows, writeReservations } from './write-reservations.ts';
import { writeShows } from './write-shows.ts';

/**
 * Writes what decisions change in the read tables. Commits use it for their batches, and a rebuild uses it for the journal:
 * because both do, rebuilt tables are the same, byte for byte. The result does not depend on how the journal is cut into
 * batches.
 */
export const writeTables = async (session: Session, parts: readonly PartitionRows[]): Promise<void> => {
  await insertRequestKeys(
    session,
    parts.flatMap(({ entries }) => entries),
  );
  await writeReservations(session, parts);
  await movePools(session, await writeShows(session, parts));
};
