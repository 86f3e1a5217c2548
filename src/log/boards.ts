import { partitionOf, type ShowId } from '../domain/ids.ts';
import { type BoardViewsOptions, newBoardViews, type StoredBoard } from './board-views.ts';
import type { Boards, Closings } from './contract.ts';
import { boardKey, closingKey, fullKey, keysOf } from './keys.ts';
import type { NodeOf } from './nodes.ts';

export interface BoardsOptions extends Omit<BoardViewsOptions, 'stored'> {
  readonly nodeOf: NodeOf;
}

/** Longer than any queue that the door lets grow. */
export const closingMs = 120_000;

export const newBoards = ({ nodeOf, ...options }: BoardsOptions): Boards & Closings => ({
  ...newBoardViews({ ...options, stored: (showId) => storedBoard(nodeOf, showId) }),
  shut: async ({ showId, revision }) => {
    const key = closingKey(partitionOf(showId), showId);
    await nodeOf(key).set(key, revision, 'PX', closingMs);
  },
  reopen: async ({ showId }) => {
    const key = closingKey(partitionOf(showId), showId);
    await nodeOf(key).del(key);
  },
});

const storedBoard = async (nodeOf: NodeOf, showId: ShowId): Promise<StoredBoard> => {
  const partition = partitionOf(showId);
  const key = boardKey(partition, showId);
  const [board, full, sealed, closing] = await nodeOf(key).mget(
    key,
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
