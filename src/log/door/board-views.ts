import type { Board } from '../../domain/board.ts';
import type { ShowId } from '../../domain/ids.ts';
import type { Clock } from '../../domain/ports.ts';
import { BoundedMap } from '../../shared/bounded-map.ts';
import { inTime } from '../../shared/in-time.ts';
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
  readonly sleep?: Clock['sleep'];
}

interface CachedView {
  /** The server's answer; or what stands in for it, until it comes. */
  view: Promise<BoardView>;
  readonly askedAtMs: number;
  /** The board in the server's answer. */
  board: BoardView | undefined;
  isAnswered: boolean;
  readonly before: LastBoard | undefined;
}

/** The last board that the server gave before this question. */
interface LastBoard {
  readonly view: BoardView;
  readonly askedAtMs: number;
  /** When the first question after it was asked: if it has no answer, the server has been silent since then. */
  readonly askedAgainAtMs: number;
}

const freshMsDefault = 500;
const showsMaxDefault = 10_000;
const noBoard: BoardView = { type: 'no-board' };

/** How long a request waits for the server's answer. */
const lateMs = 300;
/** A board stands in for a silent server only if it was no older than this when the server fell silent. */
const standInAgeMsMax = 1_000;
/** How long it stands in, counted from before it was asked for. */
const standInMsMax = 10_000;

/**
 * Reads each show's board at most once in half a second, however many requests come. When the cache is full,
 * the shows whose last read is oldest are evicted.
 *
 * A server that does not answer makes nobody wait for long: the last board stands in for its answer for ten seconds. As
 * long as Redis stands still nothing is decided, so no places come back, and its refusals stay true. Only where this
 * process alone is cut off may places come back that its door does not know of. It could not take the request either
 * (docs/adr/0031-a-frozen-server.md).
 */
export const newBoardViews = (options: BoardViewsOptions): Boards => {
  const { stored, freshMs = freshMsDefault, showsMax = showsMaxDefault, sleep } = options;
  const { monotonicMs = () => performance.now() } = options;
  const cache = new BoundedMap<ShowId, CachedView>(showsMax);
  const limit = { limitMs: lateMs, message: 'no board in time', ...(sleep && { sleep }) };

  const standIn = ({ before }: CachedView): BoardView => {
    if (!before || before.askedAgainAtMs - before.askedAtMs > standInAgeMsMax) return noBoard;
    return monotonicMs() - before.askedAtMs <= standInMsMax ? before.view : noBoard;
  };

  const settle = (showId: ShowId, entry: CachedView, answered: BoardView | undefined): BoardView => {
    const view = answered ?? standIn(entry);
    entry.isAnswered = true;
    entry.board = answered?.type === 'board' ? answered : undefined;
    entry.view = Promise.resolve(view);
    // Only boards are cached: one that is missing may be written at any moment.
    if (view.type !== 'board' && cache.get(showId) === entry) cache.delete(showId);
    return view;
  };

  const askAgain = (showId: ShowId, cached: CachedView | undefined): Promise<BoardView> => {
    const askedAtMs = monotonicMs();
    const before = cached && lastBoardOf(cached, askedAtMs);
    const entry: CachedView = { view: unasked, askedAtMs, board: undefined, isAnswered: false, before };
    cache.set(showId, entry);
    const answer = ask(showId, { stored, monotonicMs }).then((answered) => settle(showId, entry, answered));
    entry.view = inTime(answer, limit).catch(() => standIn(entry));
    return entry.view;
  };

  return {
    view: (showId) => {
      const cached = cache.get(showId);
      // While a question is open, another one would not be answered sooner.
      const isGood = cached && (!cached.isAnswered || monotonicMs() - cached.askedAtMs < freshMs);
      return isGood ? cached.view : askAgain(showId, cached);
    },
  };
};

const unasked: Promise<BoardView> = Promise.resolve(noBoard);

const lastBoardOf = (
  { board, askedAtMs, before }: CachedView,
  askedAgainAtMs: number,
): LastBoard | undefined => (board ? { view: board, askedAtMs, askedAgainAtMs } : before);

type ViewSource = Pick<Required<BoardViewsOptions>, 'stored' | 'monotonicMs'>;

/** Never rejects: undefined when the server gave no answer. */
const ask = async (showId: ShowId, { stored, monotonicMs }: ViewSource): Promise<BoardView | undefined> => {
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
    return undefined;
  }
};

/** A change of the show in the meantime voids the notice: the board then has another revision. */
const shutFor = (closing: string, board: Board): Board =>
  closing === String(board.revision) ? { ...board, rules: { ...board.rules, closed: true } } : board;
