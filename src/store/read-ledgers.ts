import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { ledgersOf } from './ledger-row.ts';
import { afterAllIds, beforeAllIds, bytesOf, hexOf } from './parameter.ts';
import { read } from './read.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

const findLedgers = sentence('find-ledgers');
const listLedgersOfPartition = sentence('list-ledgers-of-partition');
const listShows = sentence('list-shows');

export interface Page {
  readonly after?: ShowId;
  readonly limit: number;
}

export const readLedgers = async (
  sessions: Sessions,
  showIds: readonly ShowId[],
): Promise<readonly ShowLedger[]> => {
  if (showIds.length === 0) return [];
  return read(sessions, (session) => ledgersIn(session, showIds));
};

export const ledgersIn = async (
  session: Session,
  showIds: readonly ShowId[],
): Promise<readonly ShowLedger[]> => {
  const ids = JSON.stringify([...new Set(showIds)].map(hexOf));
  return ledgersOf(await session.rows(findLedgers, [ids]));
};

export const readLedgersOfPartition = async (
  sessions: Sessions,
  partition: number,
  { after, limit }: Page,
): Promise<readonly ShowLedger[]> => {
  const from = after === undefined ? beforeAllIds : bytesOf(after);
  const values = [String(partition), from, String(limit)];
  return ledgersOf(await read(sessions, (session) => session.rows(listLedgersOfPartition, values)));
};

/** Newest first. */
export const readShows = async (
  sessions: Sessions,
  { after, limit }: Page,
): Promise<readonly ShowLedger[]> => {
  const from = after === undefined ? afterAllIds : bytesOf(after);
  return ledgersOf(await read(sessions, (session) => session.rows(listShows, [from, String(limit)])));
};
