import type { ShowId } from '../../domain/ids.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import type { LedgerPage, ListRow, Lookup, Reader } from '../contract.ts';
import { type Row, showIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { afterAllIds, beforeAllIds, bytesOf, hexOf } from '../database/parameters.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { listRowOf, newLookup } from '../database/try-decode.ts';
import { ledgersOf } from '../rows/ledger-row.ts';
import type { UnknownRules } from '../rows/show-rules.ts';

const findLedgers = loadSql('read/find-ledgers');
const listLedgersOfPartition = loadSql('read/list-ledgers-of-partition');
const listShows = loadSql('read/list-shows');

export interface Page {
  readonly after?: ShowId;
  readonly limit: number;
}

export const readLedgers = async (
  sessions: Sessions,
  showIds: readonly ShowId[],
  unknownRules?: UnknownRules,
): Promise<Lookup<ShowId, ShowLedger>> =>
  showIds.length === 0
    ? newLookup([])
    : readWithRetry(sessions, (session) => ledgersIn(session, showIds, unknownRules));

export const ledgersIn = async (
  session: Session,
  showIds: readonly ShowId[],
  unknownRules?: UnknownRules,
): Promise<Lookup<ShowId, ShowLedger>> => {
  const ids = JSON.stringify([...new Set(showIds)].map(hexOf));
  return ledgersOf(await session.rows(findLedgers, [ids]), unknownRules);
};

export const readLedgersOfPartition = async (
  sessions: Sessions,
  partition: number,
  page: Page,
): Promise<LedgerPage> =>
  readWithRetry(sessions, (session) => ledgersOfPartitionIn(session, partition, page));

export const ledgersOfPartitionIn = async (
  session: Session,
  partition: number,
  { after, limit }: Page,
): Promise<LedgerPage> => {
  const from = after === undefined ? beforeAllIds : bytesOf(after);
  const rows = await session.rows(listLedgersOfPartition, [String(partition), from, String(limit)]);
  const showIds = idsIn(rows);
  const next = showIds.length < limit ? undefined : showIds.at(-1);
  return { showIds, ledgers: ledgersOf(rows), ...(next && { next }) };
};

/** Shows as the API presents them: a rule that this build does not know is left out. */
export const readShowsByIds = async (
  sessions: Sessions,
  ids: readonly ShowId[],
): Promise<ReadonlyMap<ShowId, ShowAnswer>> => {
  const found = await readLedgers(sessions, ids, 'left-out');
  return new Map(ids.map((id) => [id, answerIn(found, id)]));
};

export type ShowAnswer = Awaited<ReturnType<Reader['show']>>;

const answerIn = (found: Lookup<ShowId, ShowLedger>, id: ShowId): ShowAnswer => {
  const show = found.get(id);
  const unreadable = found.unreadable.get(id);
  return { ...(show && { show }), ...(unreadable !== undefined && { unreadable }) };
};

/** Newest first. A rule that this build does not know is left out. */
export const readShows = async (
  sessions: Sessions,
  { after, limit }: Page,
): Promise<readonly ListRow<ShowId, ShowLedger>[]> => {
  const from = after === undefined ? afterAllIds : bytesOf(after);
  const rows = await readWithRetry(sessions, (session) => session.rows(listShows, [from, String(limit)]));
  const shows = ledgersOf(rows, 'left-out');
  return idsIn(rows).map((id) => listRowOf(id, shows));
};

/** The id of each show once, in the order of the rows. */
const idsIn = (rows: readonly Row[]): readonly ShowId[] => [
  ...new Set(rows.map((row) => showIdIn(row, 'id'))),
];
