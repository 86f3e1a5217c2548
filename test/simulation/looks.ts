import type { RequestId, ReservationId } from '../../src/domain/ids.ts';
import type { ReservationStatus } from '../../src/domain/reservation.ts';

/** What a client saw of a reservation that it had been given the id of. */
export interface Look {
  readonly id: ReservationId;
  /** `unknown` is a 404. */
  readonly state: 'unknown' | 'queued' | ReservationStatus;
  /** Virtual ms since the run began. */
  readonly beganMs: number;
  readonly endedMs: number;
}

/** A 404 for an id that a client had been given. No disaster took the request away: those are excused. */
export const notFounds = (looks: readonly Look[], excused: ReadonlySet<RequestId>): readonly string[] =>
  looks
    .filter(({ state, id }) => state === 'unknown' && !excused.has(id))
    .map(({ id, endedMs }) => `${id} at ${endedMs.toFixed(1)} ms`);

/** How far a reservation has come; it never goes back. */
const rank: Readonly<Record<Look['state'], number>> = {
  unknown: 0,
  queued: 0,
  pending: 0,
  held: 1,
  rejected: 2,
  confirmed: 2,
  cancelled: 2,
  expired: 2,
};

/** States that were read after a later one had been seen. */
export const wentBack = (looks: readonly Look[]): readonly string[] =>
  looks.flatMap((later) => {
    const before = looks.find(
      (one) => one.id === later.id && one.endedMs < later.beganMs && rank[one.state] > rank[later.state],
    );
    return before && later.state !== 'unknown'
      ? [`${later.id}: ${later.state} at ${later.beganMs.toFixed(1)} ms, ${before.state} before`]
      : [];
  });
