import type { JournalEntry } from '../../domain/decisions.ts';
import type { FeedItem, SeenDecision } from '../../domain/feed/feed-item.ts';
import { movedPools } from '../../domain/feed/state-after.ts';
import { partitionOf } from '../../domain/ids.ts';
import { readable, readableValue } from '../database/column-types.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { tryDecode } from '../database/try-decode.ts';
import type { FeedPage, FeedQuery, FeedReader } from '../feed-contract.ts';
import { type JournalColumns, journalEntryFrom } from '../rows/journal-row.ts';
import { changedSince, digestOf } from './decision-digest.ts';
import { findLast, listBounds } from './feed-queries.ts';
import { type DecisionRows, isOneOf, readDecisions } from './read-decisions.ts';

/** The maximum number of rows that a page looks at, over all partitions. */
const LOOKED_AT_MAX = 20_000;

/** `inTurn` bounds how many pages are read at the same time, because each may look at thousands of rows. */
export const feedReaderOver = (sessions: Sessions, inTurn: InTurn): FeedReader => ({
  page: (query) => inTurn(() => readWithRetry(sessions, (session) => readPage(session, query))),
  end: () => inTurn(() => readWithRetry(sessions, readEnd)),
});

type InTurn = <Read>(read: () => Promise<Read>) => Promise<Read>;

interface Bound {
  readonly partition: number;
  readonly position: number;
}

const boundsOf = async (session: Session, partition?: number): Promise<readonly Bound[]> =>
  (await listBounds.rows(session, partition === undefined ? {} : { partition })).map(readable);

const readEnd = async (session: Session): Promise<ReadonlyMap<number, SeenDecision>> => {
  const seen = new Map<number, SeenDecision>();
  for (const bound of await boundsOf(session)) await moveTo(session, seen, bound);
  return seen;
};

/** Moves on to the last decision at or below a position; nowhere when there is none. */
const moveTo = async (
  session: Session,
  seen: Map<number, SeenDecision>,
  { partition, position: upTo }: Bound,
): Promise<void> => {
  const [row] = (await findLast.rows(session, { partition, upTo })).map(readable);
  if (row) seen.set(partition, { position: row.position, digest: digestOf(partition, row) });
};

/** The bounds are read first and the rows up to them afterwards: what is committed in between comes with the next page. */
const readPage = async (session: Session, query: FeedQuery): Promise<FeedPage> => {
  const { showId, limit } = query;
  const bounds = await boundsOf(session, showId === undefined ? query.partition : partitionOf(showId));
  const changed = await changedSince(session, standpoints(query.seen, bounds));
  if (changed.length > 0) return { type: 'changed', partitions: changed };
  const seen = new Map(query.seen);
  const lagging = bounds.filter(({ partition, position }) => position > (seen.get(partition)?.position ?? 0));
  const items: FeedItem[] = [];
  let looked = 0;
  let isEnd = true;
  for (const [index, { partition, position: bound }] of lagging.entries()) {
    const others = lagging.length - index;
    const room = Math.ceil((limit - items.length) / others);
    const share = Math.ceil((LOOKED_AT_MAX - looked) / others);
    const after = seen.get(partition)?.position ?? 0;
    const read = await readDecisions(session, { ...query, partition, after, bound, room, share });
    items.push(...itemsOf(partition, read, query));
    const last = read.rows[read.looked - 1];
    if (last?.position === read.upTo) seen.set(partition, seenIn(partition, last));
    else await moveTo(session, seen, { partition, position: read.upTo });
    looked += read.looked;
    isEnd &&= read.upTo === bound;
  }
  // Stable, and a partition's times never go back: its decisions stay in order of position.
  return { type: 'page', items: items.toSorted((a, b) => a.decidedAtMs - b.decidedAtMs), seen, isEnd };
};

/** Where the reader goes on: one partition is not held up by what a restore did to another. */
const standpoints = (
  seen: FeedQuery['seen'],
  bounds: readonly Bound[],
): ReadonlyMap<number, SeenDecision> => {
  const here = new Set(bounds.map(({ partition }) => partition));
  return new Map([...seen].filter(([partition]) => here.has(partition)));
};

const seenIn = (partition: number, row: JournalColumns): SeenDecision => {
  const { position, digest } = identityOf(partition, row);
  return { position, digest };
};

const itemsOf = (
  partition: number,
  { rows, looked }: DecisionRows,
  { types }: FeedQuery,
): readonly FeedItem[] => {
  const entries = rows.map(entryIn);
  const moved = movedPools(entries);
  return rows.slice(0, looked).flatMap((row, index): readonly FeedItem[] => {
    if (types && !isOneOf(types, row)) return [];
    const entry = entries[index];
    const pools = moved[index];
    return [{ ...identityOf(partition, row), ...(entry && { entry }), ...(pools && { moved: pools }) }];
  });
};

const entryIn = (row: JournalColumns): JournalEntry | undefined => {
  const decoded = tryDecode('its decision', () => journalEntryFrom(readable(row)));
  return decoded.type === 'read' ? decoded.value : undefined;
};

const identityOf = (partition: number, row: JournalColumns): Omit<FeedItem, 'entry' | 'moved'> => {
  const identity = {
    position: readableValue(row.position),
    type: readableValue(row.type),
    requestId: readableValue(row.requestId),
    streamMs: readableValue(row.streamMs),
    streamSeq: readableValue(row.streamSeq),
    decidedAtMs: readableValue(row.decidedAtMs),
  };
  const { position, type, decidedAtMs } = identity;
  return { partition, position, type, decidedAtMs, digest: digestOf(partition, identity) };
};
