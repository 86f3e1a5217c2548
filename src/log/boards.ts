import type { Redis } from 'ioredis';
import { partitionOf, type ShowId } from '../domain/ids.ts';
import { type BoardViewsOptions, newBoardViews, type StoredBoard } from './board-views.ts';
import type { Boards, Closings } from './contract.ts';
import { boardKey, closingKey, fullKey, keysOf } from './keys.ts';

export interface BoardsOptions extends Omit<BoardViewsOptions, 'stored'> {
  readonly redis: Redis;
}

/** Longer than any queue that the door lets grow. */
export const closingMs = 120_000;

export const newBoards = ({ redis, ...options }: BoardsOptions): Boards & Closings => ({
  ...newBoardViews({ ...options, stored: (showId) => storedBoard(redis, showId) }),
  shut: async ({ showId, revision }) => {
    await redis.set(closingKey(partitionOf(showId), showId), revision, 'PX', closingMs);
  },
  reopen: async ({ showId }) => {
    await redis.del(closingKey(partitionOf(showId), showId));
  },
});

const storedBoard = async (redis: Redis, showId: ShowId): Promise<StoredBoard> => {
  const partition = partitionOf(showId);
  const [board, full, sealed, closing] = await redis.mget(
    boardKey(partition, showId),
    fullKey(partition, showId),
    keysOf(partition).boardsSealed,
    closingKey(partition, showId),
  );
  return {
    board: board ?? undefined,
    full: full ?? undefined,
    isSealed: Boolean(sealed),
    closing: closing ?? undefined,
  };
};
