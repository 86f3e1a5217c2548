import type { Decision, ReservationFacts } from './decisions.ts';
import type { ShowLedger } from './ledger.ts';
import { sumLines } from './lines.ts';
import { firstRejection, type Rejection } from './policies.ts';
import type { RequestEvent, ReservationRequested, ShowOpeningRequested } from './requests.ts';

/**
 * The outcome of a request, given everything decided before it. Pure: the same request, ledger and arrival
 * time (ms, from the stream id) give the same decision on every machine. Throws only on what a correct caller
 * never asks (opening a show twice: duplicates are absorbed by request id before they come here).
 */
export const decide = (
  request: RequestEvent,
  ledger: ShowLedger | undefined,
  arrivedAtMs: number,
): Decision => {
  switch (request.type) {
    case 'ShowOpeningRequested':
      return openShow(request, ledger);
    case 'ReservationRequested':
      return reserve({ ...request, lines: sumLines(request.lines) }, ledger, arrivedAtMs);
  }
};

const openShow = (request: ShowOpeningRequested, ledger: ShowLedger | undefined): Decision => {
  if (ledger) throw new Error(`show ${request.showId} is open already, at revision ${ledger.revision}`);
  const { showId, name, pools, rules } = request;
  return { type: 'ShowOpened', showId, name, pools, rules };
};

const reserve = (
  request: ReservationRequested,
  ledger: ShowLedger | undefined,
  arrivedAtMs: number,
): Decision => {
  const rejection: Rejection | undefined = ledger
    ? firstRejection(request, ledger, arrivedAtMs)
    : { reason: 'not-found' };
  const facts = factsOf(request);
  return rejection
    ? { type: 'ReservationRejected', ...facts, ...rejection }
    : { type: 'ReservationConfirmed', ...facts };
};

const factsOf = ({
  reservationId,
  showId,
  customerId,
  lines,
  reference,
}: ReservationRequested): ReservationFacts => ({
  reservationId,
  showId,
  customerId,
  lines,
  ...(reference !== undefined && { reference }),
});
