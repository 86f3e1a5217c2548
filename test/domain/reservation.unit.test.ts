import { changeOf, isDue, type Reservation, reservationMade } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { assert, suite } from '../support/suite.ts';
import { customerId, line, reservationId, showId } from './generate.ts';

const test = suite('what decisions make of a reservation');

const about = { reservationId: reservationId(1), showId: showId(1), customerId: customerId('alice') };
const lines = [line('stalls', 1)];
const at = { streamId: newStreamId(5, 0), decidedAtMs: 7 };

test('a first decision makes it and changes nothing, a later one changes it and makes nothing', () => {
  const first = { type: 'ReservationConfirmed', ...about, lines } as const;
  assert.is(reservationMade({ ...at, decision: first })?.status, 'confirmed');
  assert.is(changeOf(first, 9), undefined);
  const later = { ...first, from: 'held' } as const;
  assert.is(reservationMade({ ...at, decision: later }), undefined);
  assert.equal(changeOf(later, 9), { status: 'confirmed', changedAtMs: 9 });
});

test('a hold is due from the moment of its expiry on', () => {
  const hold: Reservation = {
    ...about,
    id: about.reservationId,
    status: 'held',
    lines,
    requestedAtMs: 5,
    expiresAtMs: 10,
  };
  assert.equal(
    [9, 10, 11].map((nowMs) => isDue(hold, nowMs)),
    [false, true, true],
  );
  assert.is(isDue({ ...hold, status: 'confirmed' }, 11), false);
});
