import type { Redis } from 'ioredis';
import { partitionOf, type ShowId } from '../../domain/ids.ts';
import { cork } from '../connection/cork.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { infoField } from '../connection/prepare-connection.ts';
import { parseTime } from '../connection/replies.ts';
import type { Boards, ClosingNotices } from '../contract.ts';
import { boardKey, closingKey, fullKey, keysOf } from '../keys.ts';
import { type BoardViewsOptions, newBoardViews, type StoredBoard } from './board-views.ts';

export interface BoardsOptions extends Omit<BoardViewsOptions, 'stored'> {
  readonly nodeOf: NodeOf;
}

/** Longer than the wait in any queue that the door admits. */
export const closingMs = 120_000;

export const newBoards = ({ nodeOf, ...options }: BoardsOptions): Boards & ClosingNotices => ({
  ...newBoardViews({ ...options, stored: (showId) => storedBoard(nodeOf, showId) }),
  announceClosing: async ({ showId, revision }) => {
    const key = closingKey(partitionOf(showId), showId);
    await nodeOf(key).set(key, revision, 'PX', closingMs);
  },
  withdrawClosing: async ({ showId }) => {
    const key = closingKey(partitionOf(showId), showId);
    await nodeOf(key).del(key);
  },
});

/** Board and time are requested in one write, so the time costs no extra round trip. */
const storedBoard = async (nodeOf: NodeOf, showId: ShowId): Promise<StoredBoard> => {
  const partition = partitionOf(showId);
  const key = boardKey(partition, showId);
  const redis = cork(nodeOf(key));
  const [[board, full, sealed, closing], timeMs] = await Promise.all([
    redis.mget(
      key,
      fullKey(partition, showId),
      keysOf(partition).boardsSealed,
      closingKey(partition, showId),
    ),
    // An access rule may forbid TIME; the board is used without it.
    redis.time().then(parseTime, () => undefined),
  ]);
  return {
    board: board ?? undefined,
    full: full ?? undefined,
    areBoardsComplete: Boolean(sealed) && (board !== null || (await isPrimary(nodeOf(key)))),
    closing: closing ?? undefined,
    timeMs,
  };
};

/**
 * Called only before a show is called unknown. A demoted server lags behind the new primary: a show opened there may be
 * missing here while an older mark "boards complete" still stands. A client refused at the door causes no write, and only
 * a write would reveal that the server was demoted.
 */
const isPrimary = async (redis: Redis): Promise<boolean> => {
  try {
    return infoField(await redis.info('replication'), 'role') === 'master';
  } catch {
    return false;
  }
};
