import { totalsKey } from '../../../src/domain/customer.ts';
import type { Reservation } from '../../../src/domain/reservation.ts';
import { findUndecidable } from '../../../src/projector/decide/find-undecidable.ts';
import { cancelling, confirming } from '../../domain/ask.ts';
import { customerId, line, request, reservationId, showId } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('requests that depend on rows that cannot be read');

const none = { ledgers: new Map(), reservations: new Map(), customers: new Map(), keys: new Map() };
const totals = totalsKey(showId(1), customerId('alice'));
const ofTotals = { ...none, customers: new Map([[totals, 'totals']]) };
const ofShow = { ...none, ledgers: new Map([[showId(1), 'show']]) };
const ofReservation = { ...none, reservations: new Map([[reservationId(1), 'reservation']]) };

const reservation: Reservation = {
  id: reservationId(1),
  showId: showId(1),
  customerId: customerId('alice'),
  status: 'held',
  lines: [line('stalls', 1)],
  requestedAtMs: 0,
  expiresAtMs: 10,
};

type Unreadable = Parameters<typeof findUndecidable>[1]['unreadable'];

const whyOf = (
  asked: ReturnType<typeof confirming> | ReturnType<typeof cancelling> | ReturnType<typeof request>,
  unreadable: Unreadable,
  { known = [reservation], lapsesMs = 0 }: { known?: readonly Reservation[]; lapsesMs?: number } = {},
): string | undefined => {
  const reservations = new Map(known.map((each) => [each.id, each]));
  return [...findUndecidable([asked], { reservations, unreadable, lapsesMs }).values()][0];
};

test('a request for places needs its show and the totals of its customer', () => {
  assert.is(whyOf(request(1, []), none), undefined);
  assert.is(whyOf(request(1, []), ofShow), 'show');
  assert.is(whyOf(request(1, []), ofTotals), 'totals');
  assert.is(whyOf(request(1, []), ofReservation), undefined);
});

test('a confirm needs the totals only when it may come too late for its hold', () => {
  assert.is(whyOf(confirming(1), ofTotals, { lapsesMs: 9 }), undefined);
  assert.is(whyOf(confirming(1), ofTotals, { lapsesMs: 10 }), 'totals');
  const expired = [{ ...reservation, status: 'expired' } as const];
  assert.is(whyOf(confirming(1), ofTotals, { known: expired }), 'totals');
  const confirmed = [{ ...reservation, status: 'confirmed' } as const];
  assert.is(whyOf(confirming(1), ofTotals, { known: confirmed, lapsesMs: 99 }), undefined);
  assert.is(whyOf(cancelling(1), ofTotals, { lapsesMs: 99 }), undefined);
});

test('a follow-up needs its show, and its reservation', () => {
  assert.is(whyOf(cancelling(1), ofShow), 'show');
  assert.is(whyOf(cancelling(1), ofReservation, { known: [] }), 'reservation');
});
