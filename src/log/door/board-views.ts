import type { Board } from '../../domain/board.ts';
import type { ShowId } from '../../domain/ids.ts';
import { BoundedMap } from '../../shared/bounded-map.ts';
import type { Boards, BoardView } from '../contract.ts';
import { decodeBoard, decodeFull } from '../wire/board-codec.ts';

/** What the server stores for a show, as text, read at one moment. */
export interface StoredBoard {
  readonly board: string | undefined;
  readonly full: string | undefined;
  readonly areBoardsComplete: boolean;
  readonly closing: string | undefined;
  /** The server's clock, ms since the epoch; undefined when it could not be read. */
  readonly timeMs: number | undefined;
}

export interface BoardViewsOptions {
  /** Reads from the server. */
  readonly stored: (showId: ShowId) => Promise<StoredBoard>;
  /** How long a view is used again, counted from before the read was sent. */
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

/**
 * Reads each show's board at most once in half a second, however many requests come. When the cache is full,
 * the shows whose last read is oldest are evicted.
 */
export const newBoardViews = (options: BoardViewsOptions): Boards => {
  const { stored, freshMs = freshMsDefault, showsMax = showsMaxDefault } = options;
  const { monotonicMs = () => performance.now() } = options;
  const cache = new BoundedMap<ShowId, CachedView>(showsMax);

  const evict = (showId: ShowId, cached: CachedView): void => {
    if (cache.get(showId) === cached) cache.delete(showId);
  };

  const askAgain = (showId: ShowId): Promise<BoardView> => {
    const askedAtMs = monotonicMs();
    const asked: CachedView = { view: ask(showId, { stored, monotonicMs }), askedAtMs };
    cache.set(showId, asked);
    // Only boards are cached: one that is missing may be written at any moment.
    void asked.view.then(({ type }) => type !== 'board' && evict(showId, asked));
    return asked.view;
  };

  return {
    view: (showId) => {
      const cached = cache.get(showId);
      return cached && monotonicMs() - cached.askedAtMs < freshMs ? cached.view : askAgain(showId);
    },
  };
};

type ViewSource = Pick<Required<BoardViewsOptions>, 'stored' | 'monotonicMs'>;

/** Never rejects. */
const ask = async (showId: ShowId, { stored, monotonicMs }: ViewSource): Promise<BoardView> => {
  const sentMs = monotonicMs();
  try {
    const { board: boardText, full = '', areBoardsComplete, closing = '', timeMs } = await stored(showId);
    const answeredMs = monotonicMs();
    if (boardText === undefined) return areBoardsComplete ? { type: 'unknown-show' } : noBoard;
    const board = decodeBoard(showId, boardText);
    if (!board) return noBoard;
    const time = timeMs === undefined ? {} : { time: { timeMs, sentMs, answeredMs } };
    return { type: 'board', board: shutFor(closing, board), full: decodeFull(full), ...time };
  } catch {
    return noBoard;
  }
};

/** A change of the show in the meantime voids the notice: the board then has another revision. */
const shutFor = (closing: string, board: Board): Board =>
  closing === String(board.revision) ? { ...board, rules: { ...board.rules, closed: true } } : board;
