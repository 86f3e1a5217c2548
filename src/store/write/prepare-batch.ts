import { insertJournal } from './insert-journal.ts';
import { prepare } from './prepared-inserts.ts';
import { foldRows, insertReservations, type PartitionRows } from './write-reservations.ts';

/**
 * Builds the two long statements of a batch that may be committed next. This only saves time: the commit
 * would build them itself.
 */
export const prepareBatch = (part: PartitionRows): void => {
  prepare(insertJournal, part);
  prepare(insertReservations, foldRows(part));
};
