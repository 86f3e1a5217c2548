import type { ShowId } from '../domain/ids.ts';
import { bytesOf } from './parameter.ts';
import { read } from './read.ts';
import { numberIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

/** One pool: its own counters, and the sums of the reservations that stand. */
export interface PlaceSums {
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  readonly heldSum: number;
  readonly confirmedSum: number;
}

const sumSentence = sentence('sum-places');

export const sumPlaces = async (sessions: Sessions, showId: ShowId): Promise<readonly PlaceSums[]> => {
  const id = bytesOf(showId);
  const rows = await read(sessions, (session) => session.rows(sumSentence, [id, id]));
  return rows.map((row) => ({
    capacity: numberIn(row, 'capacity'),
    held: numberIn(row, 'held'),
    confirmed: numberIn(row, 'confirmed'),
    heldSum: numberIn(row, 'held_sum'),
    confirmedSum: numberIn(row, 'confirmed_sum'),
  }));
};
