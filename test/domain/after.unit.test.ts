import { reservationAfter } from '../../src/domain/after.ts';
import type { Decision } from '../../src/domain/decisions.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { assert, suite } from '../support/suite.ts';
import { customerId, line, reservationId, showId } from './generate.ts';

const test = suite('the state of a reservation that is kept with a decision');

const about = { reservationId: reservationId(1), showId: showId(1), customerId: customerId('alice') };
const lines = [line('stalls', 2)];
const reservation: Reservation = {
  id: about.reservationId,
  showId: about.showId,
  customerId: about.customerId,
  status: 'cancelled',
  lines,
  requestedAtMs: 5,
  changedAtMs: 9,
};
const kept = (decision: Decision) => reservationAfter(decision, reservation);

test('what the decision says itself is not kept twice', () => {
  const cancelled = { type: 'ReservationCancelled', ...about, from: 'held', released: lines } as const;
  assert.equal(kept(cancelled), { status: 'cancelled', requestedAtMs: 5 });
  const other = [line('stalls', 1)];
  assert.equal(kept({ ...cancelled, released: other }), { status: 'cancelled', requestedAtMs: 5, lines });
  const reduced = { ...cancelled, type: 'ReservationReduced', released: other, lines } as const;
  assert.equal(kept(reduced), { status: 'cancelled', requestedAtMs: 5 });
  assert.equal(kept({ ...reduced, lines: other }), { status: 'cancelled', requestedAtMs: 5, lines });
});

test('a sender who asks about the reservation of another customer leaves no state of it', () => {
  const refused = {
    type: 'RequestRefused',
    asked: 'CancellationRequested',
    reservationId: about.reservationId,
  } as const;
  assert.is(kept({ ...refused, reason: 'not-found' }), undefined);
  assert.equal(kept({ ...refused, reason: 'hold-expired' })?.status, 'cancelled');
});
