import { boardOf, type FullPool, fullPoolsOf } from '../domain/board.ts';
import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { BoardUpdate } from '../log/contract.ts';
import type { DecidedBatch } from './decide/batch.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishQuietly } from './publish-quietly.ts';

/** Shows that are full and were decided on in this time keep a fresh board; a decision on another writes it anew. */
const fullShowRestMs = 60_000;
const fullShowsMax = 1_000;

/** Boards change with the show itself, and when a pool has become full, is found full again, or is full no more. */
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
 * While holds are due that have not lapsed, in a backlog or behind an outage, a pool that is partly held may have room for
 * who comes now: only one that is full of confirmed places is called full.
 */
const boardUpdate = (owned: OwnedPartition, ledger: ShowLedger): BoardUpdate => {
  const full = fullPoolsOf(ledger);
  const judgedMs = judgedAheadOfRedis(owned);
  return {
    board: { ...boardOf(ledger), ...(judgedMs !== undefined && { judgedMs }) },
    full: areLapsesOverdue(owned) ? full.filter(({ mayReturn }) => !mayReturn) : full,
  };
};

const areLapsesOverdue = (owned: OwnedPartition): boolean => {
  const redisMs = redisMsNow(owned);
  return owned.nextExpiryMs === undefined || redisMs === undefined || owned.nextExpiryMs <= redisMs;
};

/** As far as it is known here. */
const redisMsNow = ({ redisTime, clock }: OwnedPartition): number | undefined =>
  redisTime && redisTime.nowMs + clock.monotonicMs() - redisTime.atMs;

/** Less is covered by the second that the door allows for. */
const judgedAheadMs = 500;

/** Where Redis' clock was set back: no request arrives before this moment, whatever its clock says. */
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

/** The door trusts "full" for a second only, so the owner writes it again. */
export const refreshFullBoards = async (owned: OwnedPartition): Promise<void> => {
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
 * Keeps the promise that a show without a board does not exist: writes all boards where some may be missing (take-over,
 * a lost write, a Redis that went back), and says so again, because the promise holds for seconds only. All are written
 * as well where they do not say yet how far the stream is ahead of the clock: the door would call shut what is open.
 */
export const ensureBoards = async (owned: OwnedPartition): Promise<void> => {
  const { log, logger, partition, lease } = owned;
  try {
    const judgedMs = judgedAheadOfRedis(owned) ?? 0;
    if (judgedMs > owned.boardsJudgedMs) owned.boardsComplete = false;
    if (!owned.boardsComplete) {
      owned.boardless = await writeAllBoards(owned);
      owned.boardsJudgedMs = judgedMs;
      if (owned.boardless > 0) logger.warn({ partition, shows: owned.boardless }, boardlessWarning);
    }
    owned.boardsComplete = true;
    if (owned.boardless === 0) await log.markBoardsComplete({ partition, leaseToken: lease.token });
  } catch (err) {
    logger.warn(
      { partition, err },
      'boards could not be written; the door lets everything through meanwhile',
    );
  }
};

const boardlessWarning =
  'shows that cannot be read have no boards; the door asks about unknown shows meanwhile: onsale verify';

/** A show without a board is unknown to the door once boards are sealed, so the seal goes before the show comes. */
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

/** Resolves to how many shows there are whose rows cannot be read. They must not look like shows that do not exist. */
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
