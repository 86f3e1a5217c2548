import { read } from './read.ts';
import { numberIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

const countSentence = sentence('count-open-shows');

/** Open shows by partition, for choosing where a new one goes; every partition is named. A wrong `nowMs` only balances worse. */
export const countOpenShows = async (
  sessions: Sessions,
  nowMs: number,
): Promise<ReadonlyMap<number, number>> => {
  const rows = await read(sessions, (session) => session.rows(countSentence, [String(nowMs)]));
  return new Map(rows.map((row) => [numberIn(row, 'id'), numberIn(row, 'open_shows')]));
};
