import type { Redis } from 'ioredis';
import { partitionOf, type ShowId } from '../../domain/ids.ts';
import { writeTogether } from '../connection/cork.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { infoField } from '../connection/prepare-connection.ts';
import { parseTime } from '../connection/replies.ts';
import type { Boards, ClosingNotices } from '../contract.ts';
import { boardKey, closingKey, fullKey, keysOf } from '../keys.ts';
import { type BoardViewsOptions, newBoardViews, type StoredBoard } from './board-views.ts';

export interface BoardsOptions extends Omit<BoardViewsOptions, 'stored'> {
  readonly nodeOf: NodeOf;
}

/** Longer than any queue that the door lets grow. */
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

/** Board and time in one write, so that the time costs no round trip. */
const storedBoard = async (nodeOf: NodeOf, showId: ShowId): Promise<StoredBoard> => {
  const partition = partitionOf(showId);
  const key = boardKey(partition, showId);
  const redis = writeTogether(nodeOf(key));
  const [[board, full, sealed, closing], timeMs] = await Promise.all([
    redis.mget(
      key,
      fullKey(partition, showId),
      keysOf(partition).boardsSealed,
      closingKey(partition, showId),
    ),
    // An access rule may forbid it: the board counts all the same.
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
 * Asked only before a show is called unknown. A server that was demoted follows at a distance: a show that was opened on the new
 * primary may be missing on it while an older seal still stands, and whoever is refused by it never writes, which would tell.
 */
const isPrimary = async (redis: Redis): Promise<boolean> => {
  try {
    return infoField(await redis.info('replication'), 'role') === 'master';
  } catch {
    return false;
  }
};
