import { type CustomerTotals, noTotals, totalsAfter, totalsKey } from '../../src/domain/customer.ts';
import { decide } from '../../src/domain/decide.ts';
import { lapse } from '../../src/domain/decide-follow-up.ts';
import type { Decision } from '../../src/domain/decisions.ts';
import { evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { changeOf, type Reservation, reservationMade } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { customerId, reservationId, showId } from './generate.ts';

/**
 * The life of one show, request by request, for any implementation of the decisions. Times are ms from its
 * opening.
 */
export interface Story {
  readonly ask: (request: RequestEvent, time?: { arrivedAtMs?: number; nowMs?: number }) => Decision;
  /** Lets the hold of the n-th reservation lapse. */
  readonly lapse: (n: number) => Decision;
  readonly reservation: (n: number) => Reservation | undefined;
  readonly ledger: () => ShowLedger;
  readonly totals: (customer?: string) => CustomerTotals;
}

/** A decision in one word: the reason of a rejection, otherwise its type. */
export const inAWord = (decision: Decision): string =>
  'reason' in decision ? decision.reason : decision.type;

/** Decided by `decide`; the state comes from replaying the journal. */
export const storyByDecide = (): Story => {
  const reservations = new Map<string, Reservation>();
  const customers = new Map<string, CustomerTotals>();
  let ledger: ShowLedger | undefined;
  const totalsOf = (customer: string): CustomerTotals =>
    customers.get(totalsKey(showId(1), customerId(customer))) ?? noTotals;
  const remember = (decision: Decision, arrivedAtMs: number, nowMs: number): Decision => {
    ledger = evolve(ledger, decision, nowMs);
    const streamId = newStreamId(arrivedAtMs, 0);
    const made = reservationMade({ streamId, decidedAtMs: nowMs, decision });
    if (made) reservations.set(made.id, made);
    const change = changeOf(decision, nowMs);
    const before = 'reservationId' in decision && reservations.get(decision.reservationId ?? '');
    if (change && before) reservations.set(before.id, { ...before, ...change });
    if ('customerId' in decision)
      customers.set(
        totalsKey(decision.showId, decision.customerId),
        totalsAfter(totalsOf(decision.customerId), decision),
      );
    return decision;
  };
  return {
    ask: (request, { arrivedAtMs = 0, nowMs = arrivedAtMs } = {}) => {
      const reservation = 'reservationId' in request ? reservations.get(request.reservationId) : undefined;
      const asking = request.type === 'ReservationRequested' ? request : reservation;
      const customer = asking && totalsOf(asking.customerId);
      const decision = decide(request, { ledger, reservation, customer, arrivedAtMs, nowMs });
      return remember(decision, arrivedAtMs, nowMs);
    },
    lapse: (n) => {
      const reservation = existing(reservations.get(reservationId(n)));
      return remember(lapse(reservation), 0, reservation.expiresAtMs ?? 0);
    },
    reservation: (n) => reservations.get(reservationId(n)),
    ledger: () => existing(ledger),
    totals: (customer = 'alice') => totalsOf(customer),
  };
};

export const existing = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('the story has not come so far');
  return value;
};
