import { insertJournal } from './insert-journal.ts';
import { prepare } from './prepared-inserts.ts';
import { foldRows, insertReservations, type PartitionRows } from './write-reservations.ts';

/** Makes the two long statements of a batch that may be committed next. Nothing depends on whether it was done. */
export const prepareBatch = (part: PartitionRows): void => {
  prepare(insertJournal, part);
  prepare(insertReservations, foldRows(part));
};
