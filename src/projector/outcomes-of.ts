import type { Decision } from '../domain/decisions.ts';
import type { RequestId, ReservationId, ShowId } from '../domain/ids.ts';
import { deltasOf } from '../domain/ledger.ts';
import { answerTo, type Outcome, reservationToldBy } from '../domain/outcome.ts';
import type { DecidedBatch } from './decide-batch.ts';

/** What a batch tells: each reservation and show it changed, once, and an answer to each request about an existing one. */
export const outcomesOf = (batch: DecidedBatch): readonly Outcome[] => {
  const changed = new Set<ReservationId>();
  const shows = new Set<ShowId>();
  const answers: Outcome[] = [];
  for (const { decision, requestId } of batch.journal) {
    if ('reservationId' in decision && decision.reservationId) changed.add(decision.reservationId);
    if (changesShow(decision)) shows.add(decision.showId);
    if (requestId && !namesItself(decision, requestId)) answers.push(answered(batch, decision, requestId));
  }
  return [
    ...[...changed].flatMap((id): readonly Outcome[] => {
      const reservation = batch.reservations.get(id);
      return reservation ? [{ type: 'reservation', reservation }] : [];
    }),
    ...[...shows].flatMap((id): readonly Outcome[] => {
      const show = batch.ledgers.get(id);
      return show ? [{ type: 'show', show }] : [];
    }),
    ...answers,
  ];
};

type ShowsDecision = Extract<Decision, { showId: ShowId }>;

const changesShow = (decision: Decision): decision is ShowsDecision =>
  decision.type === 'ShowOpened' || decision.type === 'ShowChanged' || deltasOf(decision).length > 0;

/** A request that made a reservation or opened a show is answered by that very thing. */
const namesItself = (decision: Decision, requestId: RequestId): boolean =>
  ('lines' in decision && decision.reservationId === requestId) ||
  (decision.type === 'ShowOpened' && decision.showId === requestId);

const answered = (batch: DecidedBatch, decision: Decision, requestId: RequestId): Outcome => {
  const told = reservationToldBy(decision);
  return answerTo(
    { requestId, decision },
    {
      reservation: told && batch.reservations.get(told),
      show: decision.type === 'ShowChanged' ? batch.ledgers.get(decision.showId) : undefined,
    },
  );
};
