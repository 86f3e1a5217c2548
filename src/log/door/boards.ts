import { partitionOf } from '../../domain/ids.ts';
import type { Boards, ClosingNotices } from '../contract.ts';
import { closingKey } from '../keys.ts';
import { type BoardViewsOptions, newBoardViews } from './board-views.ts';
import { newStoredBoards, type StoredBoardsOptions } from './stored-boards.ts';

export interface BoardsOptions extends Omit<BoardViewsOptions, 'stored'>, StoredBoardsOptions {}

/** Longer than the wait in any queue that the door admits. */
export const closingMs = 120_000;

export const newBoards = ({ nodeOf, isOneServer, ...options }: BoardsOptions): Boards & ClosingNotices => ({
  ...newBoardViews({ ...options, stored: newStoredBoards({ nodeOf, isOneServer }) }),
  announceClosing: async ({ showId, revision }) => {
    const key = closingKey(partitionOf(showId), showId);
    await nodeOf(key).set(key, revision, 'PX', closingMs);
  },
  withdrawClosing: async ({ showId }) => {
    const key = closingKey(partitionOf(showId), showId);
    await nodeOf(key).del(key);
  },
});
