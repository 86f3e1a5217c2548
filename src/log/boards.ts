import { partitionOf, type ShowId } from '../domain/ids.ts';
import { decodeBoard, decodeFull } from './board-codec.ts';
import type { Boards, BoardView, Closings } from './contract.ts';
import { boardKey, closingKey, fullKey, keysOf } from './keys.ts';
import type { NodeOf } from './nodes.ts';

export interface BoardsOptions {
  readonly nodeOf: NodeOf;
  /** How long a view is used again, counted from before it was asked for. */
  readonly freshMs?: number;
  readonly showsMax?: number;
  readonly monotonicMs?: () => number;
}

interface CachedView {
  readonly view: Promise<BoardView>;
  readonly askedAtMs: number;
}

const freshMsDefault = 500;
/** Longer than any queue that the door lets grow. */
const closingMs = 120_000;
const showsMaxDefault = 10_000;
const noBoard: BoardView = { type: 'no-board' };

/** Asks once per show and half second, however many requests come; the shows asked about longest ago are forgotten. */
export const newBoards = (options: BoardsOptions): Boards & Closings => {
  const { nodeOf, freshMs = freshMsDefault, showsMax = showsMaxDefault } = options;
  const { monotonicMs = () => performance.now() } = options;
  const cache = new Map<ShowId, CachedView>();

  const forget = (showId: ShowId, cached: CachedView): void => {
    if (cache.get(showId) === cached) cache.delete(showId);
  };

  const askAgain = (showId: ShowId): Promise<BoardView> => {
    const asked: CachedView = { view: ask(nodeOf, showId), askedAtMs: monotonicMs() };
    cache.delete(showId);
    cache.set(showId, asked);
    for (const oldest of cache.keys()) {
      if (cache.size <= showsMax) break;
      cache.delete(oldest);
    }
    // What is not there now may be there in the next moment: only boards are kept.
    void asked.view.then(({ type }) => type !== 'board' && forget(showId, asked));
    return asked.view;
  };

  return {
    view: (showId) => {
      const cached = cache.get(showId);
      return cached && monotonicMs() - cached.askedAtMs < freshMs ? cached.view : askAgain(showId);
    },
    shut: async ({ showId, revision }) => {
      const key = closingKey(partitionOf(showId), showId);
      await nodeOf(key).set(key, revision, 'PX', closingMs);
    },
    reopen: async ({ showId }) => {
      const key = closingKey(partitionOf(showId), showId);
      await nodeOf(key).del(key);
    },
  };
};

/** Never rejects. */
const ask = async (nodeOf: NodeOf, showId: ShowId): Promise<BoardView> => {
  const partition = partitionOf(showId);
  try {
    const key = boardKey(partition, showId);
    const [board, full, sealed, closing] = await nodeOf(key).mget(
      key,
      fullKey(partition, showId),
      keysOf(partition).boardsSealed,
      closingKey(partition, showId),
    );
    if (typeof board === 'string') return shutFor(closing ?? '', viewOf(showId, board, full ?? ''));
    return sealed ? { type: 'unknown-show' } : noBoard;
  } catch {
    return noBoard;
  }
};

/** A change of the show in between makes the closing stale: its revision is no longer the board's. */
const shutFor = (closing: string, view: BoardView): BoardView =>
  view.type === 'board' && closing === String(view.board.revision)
    ? { ...view, board: { ...view.board, rules: { ...view.board.rules, closed: true } } }
    : view;

const viewOf = (showId: ShowId, boardText: string, fullText: string): BoardView => {
  const board = decodeBoard(showId, boardText);
  return board ? { type: 'board', board, full: decodeFull(fullText) } : noBoard;
};
