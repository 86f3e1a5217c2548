import type { ShowId } from '../domain/ids.ts';
import { decodeBoard, decodeFull } from './board-codec.ts';
import type { Boards, BoardView } from './contract.ts';

/** What the server has of a show, as text; of one moment. */
export interface StoredBoard {
  readonly board: string | undefined;
  readonly full: string | undefined;
  readonly isSealed: boolean;
  readonly closing: string | undefined;
}

export interface BoardViewsOptions {
  /** Asks the server. */
  readonly stored: (showId: ShowId) => Promise<StoredBoard>;
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
const showsMaxDefault = 10_000;
const noBoard: BoardView = { type: 'no-board' };

/** Asks once per show and half second, however many requests come; the shows asked about longest ago are forgotten. */
export const newBoardViews = (options: BoardViewsOptions): Boards => {
  const { stored, freshMs = freshMsDefault, showsMax = showsMaxDefault } = options;
  const { monotonicMs = () => performance.now() } = options;
  const cache = new Map<ShowId, CachedView>();

  const forget = (showId: ShowId, cached: CachedView): void => {
    if (cache.get(showId) === cached) cache.delete(showId);
  };

  const askAgain = (showId: ShowId): Promise<BoardView> => {
    const asked: CachedView = { view: ask(stored, showId), askedAtMs: monotonicMs() };
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
  };
};

/** Never rejects. */
const ask = async (stored: BoardViewsOptions['stored'], showId: ShowId): Promise<BoardView> => {
  try {
    const { board, full = '', isSealed, closing = '' } = await stored(showId);
    if (board !== undefined) return shutFor(closing, viewOf(showId, board, full));
    return isSealed ? { type: 'unknown-show' } : noBoard;
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
