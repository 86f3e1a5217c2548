import fc from 'fast-check';
import { boardOf } from '../../../src/domain/board.ts';
import { evolve } from '../../../src/domain/ledger.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { decodeBoard, decodeFull, encodeBoard, encodeFull } from '../../../src/log/wire/board-codec.ts';
import { decodeOutcomes, encodeOutcomes } from '../../../src/log/wire/outcome-codec.ts';
import { opening, poolId, showId } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';
import { requestId } from '../any-request.ts';
import { outcomeOf, reservationIdOf, reservationOf } from '../requests.ts';

const test = suite('the codecs of outcomes and boards');

const { name, pools, rules } = opening({ standing: 5, balcony: 0 }, { opensAtMs: 7, maxPerRequest: 4 });
const show = evolve(undefined, { type: 'ShowOpened', showId: showId(1), name, pools, rules }, 9);
if (!show) throw new Error('an opened show has a ledger');

const everything = (): boolean => true;

/** The outcomes that are received when these are published. */
const heard = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  encodeOutcomes(outcomes).flatMap((message) =>
    decodeOutcomes(Buffer.from(message), everything).outcomes.map(([, outcome]) => outcome),
  );

/** Whether an outcome with these members is passed on. */
const isHeard = (outcome: object): boolean => {
  const message = `1\n${requestId(1)}\n${JSON.stringify({ type: 'answer', requestId: requestId(1), ...outcome })}`;
  return decodeOutcomes(Buffer.from(message), everything).broken === 0;
};

test('outcomes are read as they were written', () => {
  const outcomes: readonly Outcome[] = [
    outcomeOf(0, 1),
    { type: 'show', show },
    {
      type: 'reservation',
      reservation: {
        ...reservationOf(0, 2),
        status: 'rejected',
        reason: 'sold-out',
        poolId: poolId('standing'),
        reference: 'line one\nline two, 서울',
      },
    },
  ];
  const [message, ...more] = encodeOutcomes(outcomes);
  assert.equal(more, []);
  const reading = decodeOutcomes(Buffer.from(message ?? ''), everything);
  assert.is(reading.broken, 0);
  assert.equal(
    reading.outcomes.map(([, outcome]) => outcome),
    outcomes,
  );
});

test('every status and all that a reservation can say is passed on', () => {
  const statuses = ['pending', 'held', 'confirmed', 'rejected', 'cancelled', 'expired'] as const;
  const outcomes = statuses.map(
    (status, n): Outcome => ({
      type: 'reservation',
      reservation: {
        ...reservationOf(0, n),
        status,
        reason: 'duplicate-request',
        firstId: reservationIdOf(0, 99),
        expiresAtMs: 8,
        extended: true,
        changedAtMs: 9,
      },
    }),
  );
  assert.equal(heard(outcomes), outcomes);
});

test('an answer is named by its request, whatever it shows', () => {
  const answer = { type: 'answer', requestId: requestId(1) } as const;
  const answers: readonly Outcome[] = [
    answer,
    { ...answer, reservation: reservationOf(0, 1) },
    { ...answer, show },
    {
      ...answer,
      refusal: { reason: 'capacity-below-committed', poolId: poolId('standing') },
    },
    { ...answer, refusal: { reason: 'idempotency-key-reused', firstId: requestId(2) } },
  ];
  assert.equal(heard(answers), answers);
  const [message = ''] = encodeOutcomes(answers);
  assert.equal(decodeOutcomes(Buffer.from(message), (id) => id === reservationIdOf(0, 1)).outcomes, []);
});

test('a capacity on its way down is passed on with where it goes', () => {
  const pool = { id: poolId('a'), name: 'A', capacity: 5, target: 2, held: 1, confirmed: 4 };
  const changed: Outcome = { type: 'show', show: { ...show, pools: [pool] } };
  assert.equal(heard([changed]), [changed]);
});

test('words of a later version are dropped', () => {
  assert.ok(isHeard({ refusal: { reason: 'not-held' } }));
  assert.not(isHeard({ refusal: { reason: 'not-nice' } }));
  assert.not(isHeard({ refusal: { reason: 'sold-out' } }), 'a reservation is sold out, not a follow-up');
  assert.not(isHeard({ refusal: { reason: 'toString' } }));
  assert.not(isHeard({ refusal: {} }));
  assert.not(isHeard({ reservation: { ...reservationOf(0, 1), reason: 'not-held' } }));
  assert.not(isHeard({ more: 1 }));
});

test('only what is awaited is parsed', () => {
  const [message = ''] = encodeOutcomes([outcomeOf(0, 1), outcomeOf(0, 2)]);
  const spoilt = message.replace(/\{.*/, 'not JSON');
  const reading = decodeOutcomes(Buffer.from(spoilt), (id) => id === reservationIdOf(0, 2));
  assert.equal(reading, { outcomes: [[reservationIdOf(0, 2), outcomeOf(0, 2)]], broken: 0 });
});

test('an outcome under another id is not believed', () => {
  const [message = ''] = encodeOutcomes([outcomeOf(0, 1)]);
  const moved = message.replace(reservationIdOf(0, 1), reservationIdOf(0, 2));
  assert.equal(decodeOutcomes(Buffer.from(moved), everything), { outcomes: [], broken: 1 });
});

test('a status or reason of a later version is dropped, not passed on', () => {
  const [message = ''] = encodeOutcomes([outcomeOf(0, 1)]);
  const later = message.replace('"confirmed"', '"waitlisted"');
  assert.equal(decodeOutcomes(Buffer.from(later), everything), { outcomes: [], broken: 1 });
});

test('any bytes at all are judged and never thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom('', '1\n', '1\nx\n'), (bytes, prefix) => {
      const message = Buffer.concat([Buffer.from(prefix), Buffer.from(bytes)]);
      assert.equal(decodeOutcomes(message, everything).outcomes, []);
      assert.is(decodeBoard(showId(1), message.toString()), undefined);
      assert.equal(decodeFull(message.toString()), []);
    }),
    { numRuns: 1_000 },
  );
});

test('boards and full pools are read as they were written', () => {
  const board = boardOf(show);
  const full = [{ id: poolId('balcony'), mayReturn: false }];
  assert.equal(decodeBoard(showId(1), encodeBoard(board)), board);
  const rules = {
    maxPerRequest: 4,
    maxPerCustomer: 6,
    holdSeconds: 60,
    confirmBy: 'service',
    opensAtMs: 1,
    closesAtMs: 2,
    closed: true,
  } as const;
  assert.equal(decodeBoard(showId(1), encodeBoard({ ...board, rules })), { ...board, rules });
  assert.is(decodeBoard(showId(1), encodeBoard(board).replace('"opensAtMs"', '"opens"')), undefined);
  assert.equal(decodeBoard(showId(1), encodeBoard({ ...board, judgedMs: 7 })), { ...board, judgedMs: 7 });
  assert.equal(decodeFull(encodeFull(full)), full);
  assert.is(encodeFull([]), '');
});

test('a board of an older version says nothing of judged time, and what a newer one adds is passed over', () => {
  const older = '{"v":1,"revision":2,"rules":{"opensAtMs":5},"pools":["balcony"]}';
  const read = { showId: showId(1), revision: 2, rules: { opensAtMs: 5 }, pools: [poolId('balcony')] };
  assert.equal(decodeBoard(showId(1), older), read);
  assert.equal(decodeBoard(showId(1), older.replace('"v":1', '"v":1,"queue":{"served":9}')), read);
  const full = '{"v":1,"pools":[["balcony",true]],"more":[]}';
  assert.equal(decodeFull(full), [{ id: poolId('balcony'), mayReturn: true }]);
  assert.is(decodeBoard(showId(1), older.replace('"v":1', '"v":2')), undefined, 'another meaning');
});
