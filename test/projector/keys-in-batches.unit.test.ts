import type { RequestKey } from '../../src/domain/requests.ts';
import { cancelling, changing, confirming } from '../domain/ask.ts';
import { line, opening, reservationId, showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { ask, inOne, words } from './batch-of.ts';

const test = suite('keys in batches');

const key = (digit: string, fingerprint = 'f'): RequestKey => ({
  hash: digit.repeat(32),
  fingerprint: fingerprint.repeat(32),
});

test('of two requests of one key in a batch the first counts, whatever the second would have got', () => {
  const batch = inOne([
    { ...ask(1, 3), key: key('1') },
    { ...ask(2, 3), key: key('1') },
  ]);
  assert.equal(words(batch), ['ReservationConfirmed', 'duplicate-request']);
  const decision = batch.journal[1]?.decision;
  assert.is(decision && 'firstId' in decision && decision.firstId, reservationId(1));
  assert.equal(
    batch.journal.map((it) => it.key),
    [key('1'), undefined],
  );
});

test('a key with another fingerprint is told apart from a retry', () =>
  assert.equal(
    words(
      inOne([
        { ...ask(1, 1), key: key('1') },
        { ...ask(2, 1), key: key('1', 'e') },
      ]),
    ),
    ['ReservationConfirmed', 'idempotency-key-reused'],
  ));

test('a key that is known from an earlier batch belongs to its request, which is not its own duplicate', () => {
  const keys = new Map([[key('1').hash, { requestId: reservationId(1), fingerprint: key('1').fingerprint }]]);
  const first = { ...ask(1, 1), key: key('1') };
  assert.equal(words(inOne([{ ...ask(2, 1), key: key('1') }], { keys })), ['duplicate-request']);
  assert.equal(words(inOne([first], { keys })), ['ReservationConfirmed']);
  assert.equal(words(inOne([first], { keys, known: new Set([reservationId(1)]) })), []);
});

test('a key stays with its request even when that was refused', () => {
  const batch = inOne([
    { ...ask(1, 4), key: key('1') },
    { ...ask(2, 4), key: key('1') },
  ]);
  assert.equal(words(batch), ['sold-out', 'duplicate-request']);
});

test('the key of an entry that was parked is free', () => {
  const again = opening({ stalls: 3 });
  const batch = inOne([
    { ...again, key: key('1') },
    { ...ask(1, 1), key: key('1') },
  ]);
  assert.is(batch.parked.length, 1);
  assert.equal(words(batch), ['ReservationConfirmed']);
});

test('keys work for follow-ups, changes and openings too, and a duplicate changes nothing', () => {
  const keyed = { key: key('2') };
  const batch = inOne([
    ask(1, 3),
    cancelling(1, [line('stalls', 1)], keyed),
    cancelling(1, [line('stalls', 1)], keyed),
    { ...changing({ rules: { closed: true } }), key: key('2', 'e') },
    { ...opening({ stalls: 1 }, {}, showId(2)), key: key('2') },
    ask(2, 1),
  ]);
  assert.equal(words(batch), [
    'ReservationConfirmed',
    'ReservationReduced',
    'duplicate-request',
    'idempotency-key-reused',
    'duplicate-request',
    'ReservationConfirmed',
  ]);
  assert.is(batch.ledgers.has(showId(2)), false);
});

test('a payment that is repeated with its key is the first one, and one under a used key keeps its reference', () => {
  const batch = inOne([
    ask(1, 3),
    confirming(1, { key: key('1') }),
    confirming(1, { key: key('1') }),
    confirming(1, { key: key('1', 'e'), reference: 'pay-2' }),
  ]);
  assert.equal(words(batch).slice(2), ['duplicate-request', 'idempotency-key-reused']);
  const last = batch.journal.at(-1)?.decision;
  assert.is(last && 'reference' in last && last.reference, 'pay-2');
});

test('a repetition is known by its key before its reference is compared', () => {
  const paid = (reference: string, digit: string) => confirming(1, { key: key(digit), reference });
  const batch = inOne([ask(1, 3), paid('pay-1', '1'), paid('pay-2', '2'), paid('pay-2', '2')]);
  assert.equal(words(batch).slice(1), ['confirmed-otherwise', 'confirmed-otherwise', 'duplicate-request']);
});
