import type { Operation } from '../../src/audit/contract.ts';
import type { CustomerId, RequestId, ReservationId, ShowId } from '../../src/domain/ids.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { type RequestEvent, requestIdOf } from '../../src/domain/requests.ts';
import type { DoorRefusal } from './door-refusals.ts';
import type { Look } from './looks.ts';

/** What clients know: everything they sent, and the result of each call as they saw it. */
export interface History {
  readonly shows: readonly ShowId[];
  /** Reservations that were answered with an id, in the order of the answers. */
  readonly reservations: readonly AnsweredReservation[];
  /** Everything that may be on a stream. */
  readonly sent: readonly RequestEvent[];
  /** Called before the request is sent: whatever happens afterwards, it may be on the stream. */
  sends(request: RequestEvent): void;
  ends(request: RequestEvent, end: Operation['end'], outcome?: Outcome): void;
  /** Excuses ids that a disaster left no trace of, and what clients were told before the tables went back. */
  excuse(ids: Iterable<RequestId>): void;
  /** Decisions made up to then may be made again, with another result. */
  forgetWhatWasTold(untilMs: number): void;
  readonly excused: ReadonlySet<RequestId>;
  operations(): readonly Operation[];
  /** The payments that customers were told confirmed their reservation. */
  readonly payments: ReadonlyMap<ReservationId, ReadonlySet<string>>;
  /** Whether a client was told that the request's show is open, and the tables did not go back since. */
  isKnownShow(request: RequestEvent): boolean;
  /** Records a refusal at the door; one by a time only if Redis' clock did not jump meanwhile. */
  refused(refusal: DoorRefusal): void;
  readonly refusals: readonly DoorRefusal[];
  /** Changes when the tables go back: what was seen before may be undone. */
  era(): number;
  /** Records what a client saw in an era; ignored when it is over. */
  looked(look: Look, era: number): void;
  readonly looks: readonly Look[];
  /** Records a call of many that was not answered for each of its requests. */
  unanswered(call: string): void;
  readonly unansweredCalls: readonly string[];
}

export interface AnsweredReservation {
  readonly id: ReservationId;
  readonly customerId: CustomerId;
}

const rank = { failed: 0, unknown: 1, ok: 2 } as const;

/** `redisMs`: the clock from which stream ids are made. */
export const newHistory = (redisMs: () => number): History => {
  const shows: ShowId[] = [];
  const reservations: AnsweredReservation[] = [];
  const sent: RequestEvent[] = [];
  const operations = new Map<RequestId, Operation>();
  const excused = new Set<RequestId>();
  const refusals: DoorRefusal[] = [];
  const payments = new Map<ReservationId, Set<string>>();
  const looks: Look[] = [];
  const unansweredCalls: string[] = [];
  const openShows = new Set<ShowId>();
  let forgottenMs = 0;
  let era = 1;

  const noteOutcome = (request: RequestEvent, outcome: Outcome): void => {
    const payment = paymentTold(request, outcome, forgottenMs);
    if (payment) payments.set(payment.of, (payments.get(payment.of) ?? new Set()).add(payment.reference));
    if (request.type === 'ShowOpeningRequested' && outcome.type === 'show') openShows.add(request.showId);
  };

  const ends: History['ends'] = (request, end, outcome) => {
    const requestId = requestIdOf(request);
    const before = operations.get(requestId);
    const isFirst = before?.end !== 'ok';
    const told = outcome && toldBy(outcome, forgottenMs);
    if (!before || rank[end] >= rank[before.end])
      operations.set(requestId, {
        ...(end === 'ok' && { arrivedByMs: redisMs() }),
        ...before,
        ...{ requestId, end },
        ...(told && { told }),
      });
    if (outcome) noteOutcome(request, outcome);
    if (end !== 'ok' || !isFirst) return;
    if (request.type === 'ReservationRequested')
      reservations.push({ id: request.reservationId, customerId: request.customerId });
  };

  return {
    shows,
    reservations,
    sent,
    excused,
    sends: (request) => {
      sent.push(request);
      ends(request, 'unknown');
      if (request.type === 'ShowOpeningRequested' && !shows.includes(request.showId))
        shows.push(request.showId);
    },
    ends,
    excuse: (ids) => {
      for (const id of ids) excused.add(id);
    },
    forgetWhatWasTold: (untilMs) => {
      forgottenMs = Math.max(forgottenMs, untilMs);
      for (const [id, { told, ...rest }] of operations) operations.set(id, rest);
      payments.clear();
      era += 1;
      openShows.clear();
      looks.length = 0;
    },
    operations: () => [...operations.values()],
    payments,
    isKnownShow: (request) => 'showId' in request && openShows.has(request.showId),
    refused: (refusal) => refusals.push(refusal),
    refusals,
    era: () => era,
    looked: (look, of) => {
      if (of === era) looks.push(look);
    },
    looks,
    unanswered: (call) => unansweredCalls.push(call),
    unansweredCalls,
  };
};

/** Only the answer of the first decision: later answers may have changed since. */
const toldBy = (outcome: Outcome, forgottenMs: number): Operation['told'] => {
  if (outcome.type !== 'reservation') return undefined;
  const { status, changedAtMs, decidedAtMs = 0 } = outcome.reservation;
  return status === 'pending' || changedAtMs !== undefined || decidedAtMs <= forgottenMs ? undefined : status;
};

/**
 * A confirmed reservation stays confirmed, with the same payment, unless the tables went back to an earlier
 * state.
 */
const paymentTold = (
  request: RequestEvent,
  outcome: Outcome,
  forgottenMs: number,
): { readonly of: ReservationId; readonly reference: string } | undefined => {
  if (request.type !== 'ConfirmationRequested' || request.reference === undefined) return undefined;
  if (outcome.type !== 'answer' || outcome.refusal) return undefined;
  const { changedAtMs, decidedAtMs = 0 } = outcome.reservation ?? {};
  return (changedAtMs ?? decidedAtMs) <= forgottenMs
    ? undefined
    : { of: request.reservationId, reference: request.reference };
};
