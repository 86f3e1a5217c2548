import type { Decision } from '../domain/decisions.ts';
import type { RequestId, ReservationId, ShowId } from '../domain/ids.ts';
import { deltasOf } from '../domain/ledger.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { DecidedBatch } from './decide-batch.ts';

/** What a batch tells: each reservation and show it changed, once, and an answer to each request about an existing one. */
export const outcomesOf = (batch: DecidedBatch): readonly Outcome[] => {
  const changed = new Set<ReservationId>();
  const shows = new Set<ShowId>();
  const answers: Outcome[] = [];
  for (const { decision, requestId } of batch.journal) {
    if ('reservationId' in decision && decision.reservationId) changed.add(decision.reservationId);
    if (changesShow(decision)) shows.add(decision.showId);
    if (requestId && !namesItself(decision, requestId)) answers.push(answerTo(batch, decision, requestId));
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

const answerTo = (batch: DecidedBatch, decision: Decision, requestId: RequestId): Outcome => {
  const reservation =
    mayBeTold(decision) && decision.reservationId
      ? batch.reservations.get(decision.reservationId)
      : undefined;
  const show = decision.type === 'ShowChanged' ? batch.ledgers.get(decision.showId) : undefined;
  return {
    type: 'answer',
    requestId,
    ...(decision.type === 'RequestRefused' && { refusal: refusalOf(decision) }),
    ...(reservation && { reservation }),
    ...(show && { show }),
  };
};

/** What is not found for the sender, because it is another's, must not reach it either. */
const mayBeTold = (decision: Decision): decision is Extract<Decision, { reservationId?: ReservationId }> =>
  'reservationId' in decision && !(decision.type === 'RequestRefused' && decision.reason === 'not-found');

const refusalOf = ({ reason, poolId, firstId }: Extract<Decision, { type: 'RequestRefused' }>) => ({
  reason,
  ...(poolId !== undefined && { poolId }),
  ...(firstId !== undefined && { firstId }),
});
