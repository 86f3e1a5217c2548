import { partitionOf, type ShowId } from '../domain/ids.ts';
import { type Line, totalQuantity } from '../domain/lines.ts';
import type { Clock } from '../domain/ports.ts';
import { boundsAt, type TimeBounds } from '../domain/server-time.ts';
import { timeText } from '../http/message/represent-reservation.ts';
import { retryAfterSeconds } from '../http/message/retry-after.ts';
import type { Problem } from '../http/problems/problem.ts';
import type { Backlog, Backlogs, Boards, BoardView } from '../log/contract.ts';

/** The lengths of a queue from which on new requests are refused; src/config.ts has the defaults. */
export interface BacklogLimits {
  readonly entries: number;
  readonly waitSeconds: number;
  /** Share of Redis' maxmemory. */
  readonly memoryUsed: number;
}

/**
 * A request that arrives within this time of either end of a sale window is left to the decision, which
 * judges by the time in the stream id.
 */
const graceMs = 1_000;

/** The facts about a request that the door needs. */
export interface DoorRequest {
  readonly showId: ShowId;
  readonly lines: readonly Line[];
}

type KnownBoard = Extract<BoardView, { type: 'board' }>;
/**
 * `arrival` is by the clock of Redis, never by the clock of this process; undefined where the time of Redis
 * is not known.
 */
type DoorRule = (
  request: DoorRequest,
  view: KnownBoard,
  arrival: TimeBounds | undefined,
) => Problem | undefined;

const poolsExist: DoorRule = ({ lines }, { board }) => {
  const unknown = lines.find(({ poolId }) => !board.pools.includes(poolId));
  return (
    unknown && {
      code: 'unknown-pool',
      detail: `The show has no pool "${unknown.poolId}". GET /v1/shows/${board.showId} lists its pools.`,
      members: { poolId: unknown.poolId },
    }
  );
};

const withinRequestLimit: DoorRule = ({ lines }, { board: { rules } }) =>
  rules.maxPerRequest !== undefined && totalQuantity(lines) > rules.maxPerRequest
    ? {
        code: 'over-request-limit',
        detail: `One reservation of this show may ask for ${rules.maxPerRequest} places at most. Ask for fewer.`,
        members: { maxPerRequest: rules.maxPerRequest },
      }
    : undefined;

const saleHasOpened: DoorRule = (_request, { board: { rules } }, arrival) =>
  rules.opensAtMs !== undefined && arrival && arrival.upperMs < rules.opensAtMs - graceMs
    ? {
        code: 'sale-not-open',
        detail: `The sale opens at ${timeText(rules.opensAtMs)}. Ask again then.`,
        members: { opensAt: timeText(rules.opensAtMs) },
      }
    : undefined;

const saleHasNotClosed: DoorRule = (_request, { board: { rules } }, arrival) => {
  if (rules.closed)
    return { code: 'sale-closed', detail: 'The sale is closed: no new reservations are taken.' };
  return rules.closesAtMs !== undefined && arrival && arrival.lowerMs >= rules.closesAtMs + graceMs
    ? { code: 'sale-closed', detail: `The sale closed at ${timeText(rules.closesAtMs)}.` }
    : undefined;
};

const poolsHaveRoom: DoorRule = ({ lines }, { full }) => {
  const short = full.filter(({ id }) => lines.some(({ poolId }) => poolId === id));
  const first = short[0];
  if (!first) return undefined;
  // Either all lines can be met or none: one pool that is gone for good is enough for a refusal.
  const mayReturn = short.every((pool) => pool.mayReturn);
  const hope = mayReturn ? 'Some are only held and may come back: try again later.' : 'Try another pool.';
  return {
    code: 'sold-out',
    detail: `Pool "${first.id}" has no places left. ${hope}`,
    members: { poolId: first.id, mayReturn },
  };
};

/** In the order of the policies of the decision; the first rule that refuses wins. */
const rules: readonly DoorRule[] = [
  poolsExist,
  withinRequestLimit,
  saleHasOpened,
  saleHasNotClosed,
  poolsHaveRoom,
];

/**
 * The bounds of the time at which a request that is appended now arrives. `judgedMs` is ahead of the clock if
 * the clock was set back: the ids of the stream then continue from their last value.
 */
const arrivalBounds = ({ time, board: { judgedMs = 0 } }: KnownBoard, monotonicMs: number) => {
  const now = time && boundsAt(time, monotonicMs);
  return now && { lowerMs: now.lowerMs, upperMs: Math.max(now.upperMs, judgedMs) };
};

/**
 * The refusal that is certain according to the board; undefined where none is certain, and the stream
 * decides.
 */
export const refusalByBoard = (
  request: DoorRequest,
  view: BoardView,
  monotonicMs: number,
): Problem | undefined => {
  if (view.type === 'no-board') return undefined;
  if (view.type === 'unknown-show') return noSuchShow;
  const arrival = arrivalBounds(view, monotonicMs);
  for (const rule of rules) {
    const refusal = rule(request, view, arrival);
    if (refusal) return refusal;
  }
  return undefined;
};

/** Refuses when the queue exceeds a limit. */
export const refusalByBacklog = (backlog: Backlog, limits: BacklogLimits): Problem | undefined =>
  backlog.entries >= limits.entries ||
  (backlog.waitSeconds ?? 0) >= limits.waitSeconds ||
  backlog.memoryUsed > limits.memoryUsed
    ? {
        code: 'overloaded',
        detail:
          'The queue is too long to take more right now. Nothing was done; try again after Retry-After seconds.',
        retryAfterSeconds: retryAfterSeconds(backlog),
      }
    : undefined;

export interface DoorOptions {
  /** P: ids of higher partitions belong to another installation. */
  readonly partitions: number;
  readonly boards: Boards;
  readonly backlogs: Backlogs;
  readonly backlogLimits: BacklogLimits;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Refuses only what the decision would certainly refuse; needs no append and no database query. */
export const refusalAtDoor = async (
  request: DoorRequest,
  options: DoorOptions,
): Promise<Problem | undefined> => {
  const partition = partitionOf(request.showId);
  if (partition >= options.partitions) return noSuchShow;
  const view = await options.boards.view(request.showId);
  const backlog = options.backlogs.of(partition);
  return (
    refusalByBoard(request, view, options.clock.monotonicMs()) ??
    refusalByBacklog(backlog, options.backlogLimits)
  );
};

export const noSuchShow: Problem = {
  code: 'not-found',
  detail: 'There is no show with this id. GET /v1/shows lists those there are.',
};
