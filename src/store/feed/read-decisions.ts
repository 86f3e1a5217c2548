import { readableValue } from '../database/column-types.ts';
import type { Session } from '../database/session.ts';
import type { FeedQuery } from '../feed-contract.ts';
import type { JournalColumns } from '../rows/journal-row.ts';
import { findWindowEnd, listDecisions } from './feed-queries.ts';

const ROWS_AT_ONCE = 1_000;
/** Most batches are small, or end with a page. */
const ROWS_AT_FIRST = 50;

export interface DecisionsQuery extends Pick<FeedQuery, 'showId' | 'types'> {
  readonly partition: number;
  /** The last position that was read before. */
  readonly after: number;
  /** Every decision up to here is committed, and it is the end of a batch. */
  readonly bound: number;
  /** The maximum number of wanted rows. */
  readonly room: number;
  /** The maximum number of rows to look at. */
  readonly share: number;
}

export interface DecisionRows {
  readonly rows: readonly JournalColumns[];
  /** How many of the rows were looked at; those behind them are the rest of the last one's batch. */
  readonly looked: number;
  /** The last position that need not be read again, where a row may be. */
  readonly upTo: number;
}

/**
 * Reads rows until enough of them are wanted, and then the rest of the last one's batch, which the numbers of its pools are
 * derived from.
 */
export const readDecisions = async (session: Session, query: DecisionsQuery): Promise<DecisionRows> => {
  const upTo = await windowOf(session, query);
  const reading: Reading = { rows: [], looked: 0, wanted: 0 };
  while (hasRoom(query, reading))
    if (await readMore(session, query, { reading, upTo })) return { ...reading, upTo };
  await readToEndOfBatch(session, query, reading);
  return { ...reading, upTo: positionOf(reading.rows[reading.looked - 1]) ?? query.after };
};

interface Reading {
  readonly rows: JournalColumns[];
  looked: number;
  wanted: number;
}

const hasRoom = ({ room, share }: DecisionsQuery, { looked, wanted }: Reading): boolean =>
  wanted < room && looked < share;

/** Resolves to whether every row up to there is read and looked at. */
const readMore = async (
  session: Session,
  query: DecisionsQuery,
  { reading, upTo }: { readonly reading: Reading; readonly upTo: number },
): Promise<boolean> => {
  const { room, share, types } = query;
  const { rows, looked, wanted } = reading;
  const limit = types ? ROWS_AT_ONCE : Math.min(ROWS_AT_ONCE, room - wanted, share - looked);
  const page = await listAfter(session, query, { after: lastPosition(rows) ?? query.after, upTo, limit });
  for (const row of page) {
    rows.push(row);
    if (!hasRoom(query, reading)) continue;
    reading.looked += 1;
    if (!types || isOneOf(types, row)) reading.wanted += 1;
  }
  return page.length < limit && reading.looked === rows.length;
};

/** A type that cannot be read may be one of them. */
export const isOneOf = (types: NonNullable<FeedQuery['types']>, { type }: JournalColumns): boolean =>
  typeof type !== 'string' || [...types].some((one) => one === type);

/** With a show, the server looks at rows that it does not return. */
const windowOf = async (
  session: Session,
  { partition, after, bound, share, showId }: DecisionsQuery,
): Promise<number> => {
  if (showId === undefined) return bound;
  const [end] = await findWindowEnd.rows(session, { partition, after, skipped: share - 1 });
  return Math.min(bound, positionOf(end) ?? bound);
};

const readToEndOfBatch = async (
  session: Session,
  query: DecisionsQuery,
  { rows, looked }: Reading,
): Promise<void> => {
  const batch = rows[looked - 1]?.decidedAtMs;
  for (let limit = ROWS_AT_FIRST; rows.at(-1)?.decidedAtMs === batch; limit = ROWS_AT_ONCE) {
    const after = lastPosition(rows) ?? query.after;
    const page = await listAfter(session, query, { after, upTo: query.bound, limit });
    rows.push(...page.filter(({ decidedAtMs }) => decidedAtMs === batch));
    if (page.length < limit || page.at(-1)?.decidedAtMs !== batch) return;
  }
};

const listAfter = (
  session: Session,
  { partition, showId }: DecisionsQuery,
  page: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<readonly JournalColumns[]> =>
  listDecisions.rows(session, { partition, ...page, ...(showId !== undefined && { show: showId }) });

const lastPosition = (rows: readonly JournalColumns[]): number | undefined => positionOf(rows.at(-1));

const positionOf = (row: Pick<JournalColumns, 'position'> | undefined): number | undefined =>
  row && readableValue(row.position);
