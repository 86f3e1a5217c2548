import { noTotals } from './customer.ts';
import { decideFollowUp } from './decide-follow-up.ts';
import { decideShowChange } from './decide-show-change.ts';
import type { Decision, ReservationFacts } from './decisions.ts';
import { sumLines } from './lines.ts';
import { rejectionOfNew } from './policies.ts';
import type { RequestEvent, ReservationRequested, ShowOpeningRequested } from './requests.ts';
import type { Situation } from './situation.ts';

/**
 * The outcome of a request, given everything decided before it. Pure: the same request and situation give the same
 * decision on every machine. Throws only for a request that a correct caller never passes: opening a show twice, since
 * duplicates are absorbed by request id before.
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
