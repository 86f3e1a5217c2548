import { boardOf, type FullPool, fullPoolsOf } from '../domain/board.ts';
import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { Clock } from '../domain/ports.ts';
import type { BoardUpdate, PublishRequest } from '../log/contract.ts';
import type { DecidedBatch } from './decide/batch.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** A full show keeps a fresh board for so long after its last decision; the next decision on it writes the board anew. */
const fullShowRestMs = 60_000;
const fullShowsMax = 1_000;

/** A board is written when the show itself changed, and when a pool has become full, is still full, or is no longer full. */
export const boardsAfter = (owned: OwnedPartition, batch: DecidedBatch): BoardUpdate[] => {
  const rewritten = new Set(
    batch.journal.flatMap(({ decision }) =>
      decision.type === 'ShowOpened' || decision.type === 'ShowChanged' ? decision.showId : [],
    ),
  );
  const updates: BoardUpdate[] = [];
  for (const ledger of batch.ledgers.values()) {
    const full = fullPoolsOf(ledger);
    const wasFull = owned.fullShows.has(ledger.showId);
    noteFull(owned, ledger, full);
    if (full.length > 0 || wasFull || rewritten.has(ledger.showId)) updates.push(boardUpdate(owned, ledger));
  }
  return updates;
};

/**
 * After an outage or in a backlog, holds may be due that have not lapsed yet. A pool that is partly held may then have room
 * for a new request, so only a pool full of confirmed places is called full.
 */
const boardUpdate = (owned: OwnedPartition, ledger: ShowLedger): BoardUpdate => {
  const full = certainlyFull(owned, ledger);
  const judgedMs = judgedAheadOfRedis(owned);
  return {
    board: { ...boardOf(ledger), ...(judgedMs !== undefined && { judgedMs }) },
    full: areLapsesOverdue(owned) ? full.filter(({ mayReturn }) => !mayReturn) : full,
  };
};

/** The back-off reaches a second: so many take half a minute, and a partition without progress is released long before. */
export const unsettledMax = 32;

/**
 * Full as committed, and full after each batch that may have been committed without our knowing. When there are too many to
 * keep them all, nothing is certain.
 */
const certainlyFull = ({ unsettled }: OwnedPartition, ledger: ShowLedger): readonly FullPool[] => {
  if (unsettled.length === unsettledMax) return [];
  return unsettled.reduce((full, ledgers) => {
    const after = ledgers.get(ledger.showId);
    return after ? fullInBoth(full, fullPoolsOf(after)) : full;
  }, fullPoolsOf(ledger));
};

const fullInBoth = (full: readonly FullPool[], after: readonly FullPool[]): readonly FullPool[] =>
  full.flatMap(({ id, mayReturn }) => {
    const same = after.find((pool) => pool.id === id);
    return same ? { id, mayReturn: mayReturn || same.mayReturn } : [];
  });

const areLapsesOverdue = (owned: OwnedPartition): boolean => {
  const redisMs = redisMsNow(owned);
  return owned.nextExpiryMs === undefined || redisMs === undefined || owned.nextExpiryMs <= redisMs;
};

/** Redis' clock now, estimated from the last read; undefined before the first one. */
const redisMsNow = ({ redisTime, clock }: OwnedPartition): number | undefined =>
  redisTime && redisTime.nowMs + clock.monotonicMs() - redisTime.atMs;

/** A smaller difference is covered by the second that the door allows for. */
const judgedAheadMs = 500;

/** Set where Redis' clock was set back: every request is judged at this moment or later, whatever that clock says. */
const judgedAheadOfRedis = (owned: OwnedPartition): number | undefined => {
  const { judgedMs } = owned.progress;
  const redisMs = redisMsNow(owned);
  return redisMs !== undefined && judgedMs - redisMs > judgedAheadMs ? judgedMs : undefined;
};

const noteFull = (owned: OwnedPartition, { showId }: ShowLedger, full: readonly FullPool[]): void => {
  owned.fullShows.delete(showId);
  if (full.length > 0) owned.fullShows.set(showId, owned.clock.monotonicMs());
  for (const oldest of owned.fullShows.keys()) {
    if (owned.fullShows.size <= fullShowsMax) return;
    owned.fullShows.delete(oldest);
  }
};

/** The door trusts "full" for one second only, so it is written again and again. */
export const fullRenewedEveryMs = 500;

interface Renewal {
  readonly clock: Clock;
  /** The partition while we may write its boards; undefined before it is taken over and when its lease is over. */
  readonly owned: () => OwnedPartition | undefined;
}

/**
 * Renews "full" beside the loop of a partition until `signal` is aborted. The loop may wait for MySQL, and then nothing is
 * decided: what is full stays full, and the door goes on to say so. Never rejects.
 */
export const renewFullBoards = async ({ clock, owned }: Renewal, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await clock.sleep(fullRenewedEveryMs, signal);
    const present = signal.aborted ? undefined : owned();
    if (present) await writeFullBoards(present);
  }
};

const writeFullBoards = async (owned: OwnedPartition): Promise<void> => {
  const now = owned.clock.monotonicMs();
  const boards: BoardUpdate[] = [];
  for (const [showId, askedAtMs] of owned.fullShows) {
    const ledger = owned.ledgers.get(showId);
    if (ledger && now - askedAtMs < fullShowRestMs) boards.push(boardUpdate(owned, ledger));
    else owned.fullShows.delete(showId);
  }
  if (boards.length > 0) await publishQuietly(owned, { outcomes: [], boards });
};

/**
 * Keeps the promise that a show without a board does not exist. Writes all boards when some may be missing (take-over, a
 * lost write, a Redis that went back or was replaced by another), then marks the set complete again, because that mark lasts for seconds only. Also
 * writes all boards when they do not say yet how far the stream is ahead of Redis' clock: without that the door would
 * treat an open sale as closed.
 */
export const ensureBoards = async (owned: OwnedPartition): Promise<void> => {
  const { log, logger, partition, lease } = owned;
  try {
    const judgedMs = judgedAheadOfRedis(owned) ?? 0;
    const server = log.boardsServer(partition);
    if (judgedMs > owned.boardsJudgedMs || server !== owned.boardsServer) owned.boardsComplete = false;
    if (!owned.boardsComplete) {
      owned.boardless = await writeAllBoards(owned);
      owned.boardsJudgedMs = judgedMs;
      owned.boardsServer = server;
      if (owned.boardless > 0) logger.warn({ partition, shows: owned.boardless }, boardlessWarning);
    }
    owned.boardsComplete = true;
    const isSame = log.boardsServer(partition) === owned.boardsServer;
    if (owned.boardless === 0 && isSame) await log.markBoardsComplete({ partition, leaseToken: lease.token });
  } catch (err) {
    logger.warn(
      { partition, err },
      'boards could not be written; the door lets everything through meanwhile',
    );
  }
};

const boardlessWarning =
  'shows that cannot be read have no boards; meanwhile the door lets requests for unknown shows through: onsale verify';

/** While boards are marked complete, a show without one is unknown to the door: the mark is removed before a show opens. */
export const markIncompleteForOpenings = async (
  owned: OwnedPartition,
  batch: DecidedBatch,
): Promise<void> => {
  const { log, partition } = owned;
  if (opens(batch)) await log.markBoardsIncomplete({ partition });
};

export const opens = ({ journal }: DecidedBatch): boolean =>
  journal.some(({ decision }) => decision.type === 'ShowOpened');

const boardsPage = 500;

/** Resolves to the number of shows whose rows cannot be read. Such a show must not look as if it did not exist. */
const writeAllBoards = async (owned: OwnedPartition): Promise<number> => {
  const { log, store, partition, lease } = owned;
  let boardless = 0;
  let after: ShowId | undefined;
  do {
    const page = await store.ledgersOfPartition(partition, { limit: boardsPage, ...(after && { after }) });
    const { ledgers } = page;
    const boards = [...ledgers.values()].map((it) => boardUpdate(owned, it));
    if (boards.length > 0) await log.publish({ partition, leaseToken: lease.token, outcomes: [], boards });
    boardless += ledgers.unreadable.size;
    after = page.next;
  } while (after);
  return boardless;
};

/** Publishes, or logs why it failed. Resolves to whether it was published. */
export const publishQuietly = async (
  { log, logger, partition, lease }: OwnedPartition,
  request: Omit<PublishRequest, 'partition' | 'leaseToken'>,
): Promise<boolean> => {
  try {
    await log.publish({ partition, leaseToken: lease.token, ...request });
    return true;
  } catch (err) {
    logger.warn({ partition, err }, 'committed, but the outcomes could not be published');
    return false;
  }
};
