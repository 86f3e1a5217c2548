import { type CustomerTotals, noTotals } from './customer.ts';
import { decideFollowUp } from './decide-follow-up.ts';
import { decideShowChange } from './decide-show-change.ts';
import type { Decision, ReservationFacts } from './decisions.ts';
import type { ShowLedger } from './ledger.ts';
import { sumLines } from './lines.ts';
import { rejectionOfNew } from './policies.ts';
import type { RequestEvent, ReservationRequested, ShowOpeningRequested } from './requests.ts';
import type { Reservation } from './reservation.ts';

/** Everything decided before a request, as far as it matters for it. */
export interface Situation {
  readonly ledger?: ShowLedger | undefined;
  /** What the customer has of the show; needed where the show counts it. */
  readonly customer?: CustomerTotals | undefined;
  /** The reservation a follow-up is about. */
  readonly reservation?: Reservation | undefined;
  /** The entry's time in the stream. */
  readonly arrivedAtMs: number;
  /** The time of the decision; holds count from it. */
  readonly nowMs: number;
}

/**
 * The outcome of a request, given everything decided before it. Pure: the same request and situation give the same
 * decision on every machine. Throws only on what a correct caller never asks (opening a show twice: duplicates are
 * absorbed by request id before they come here).
 */
export const decide = (request: RequestEvent, situation: Situation): Decision => {
  switch (request.type) {
    case 'ShowOpeningRequested':
      return openShow(request, situation);
    case 'ShowChangeRequested':
      return decideShowChange(request, situation.ledger);
    case 'ReservationRequested':
      return reserve({ ...request, lines: sumLines(request.lines) }, situation);
    case 'ConfirmationRequested':
    case 'ExtensionRequested':
    case 'CancellationRequested':
      return decideFollowUp(request, situation);
  }
};

const openShow = (request: ShowOpeningRequested, { ledger }: Situation): Decision => {
  if (ledger) throw new Error(`show ${request.showId} is open already, at revision ${ledger.revision}`);
  const { showId, name, pools, rules } = request;
  return { type: 'ShowOpened', showId, name, pools, rules };
};

const reserve = (request: ReservationRequested, situation: Situation): Decision => {
  const { ledger, customer = noTotals, arrivedAtMs, nowMs } = situation;
  const facts = factsOf(request);
  if (!ledger) return { type: 'ReservationRejected', ...facts, reason: 'not-found' };
  const rejection = rejectionOfNew({ lines: request.lines, ledger, customer, arrivedAtMs });
  if (rejection) return { type: 'ReservationRejected', ...facts, ...rejection };
  const { holdSeconds } = ledger.rules;
  return holdSeconds === undefined
    ? { type: 'ReservationConfirmed', ...facts }
    : { type: 'ReservationHeld', ...facts, expiresAtMs: nowMs + holdSeconds * 1_000 };
};

export const factsOf = ({
  reservationId,
  showId,
  customerId,
  lines,
  reference,
}: ReservationFacts): ReservationFacts => ({
  reservationId,
  showId,
  customerId,
  lines,
  ...(reference !== undefined && { reference }),
});
