import fc from 'fast-check';
import { boardOf } from '../../src/domain/board.ts';
import { evolve } from '../../src/domain/ledger.ts';
import { decodeBoard, decodeFull, encodeBoard, encodeFull } from '../../src/log/board-codec.ts';
import type { Outcome } from '../../src/log/contract.ts';
import { decodeOutcomes, encodeOutcomes } from '../../src/log/outcome-codec.ts';
import { opening, poolId, showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { outcomeOf, reservationIdOf, reservationOf } from './requests.ts';

const test = suite('the codecs of outcomes and boards');

const { name, pools, rules } = opening({ standing: 5, balcony: 0 }, { opensAtMs: 7, maxPerRequest: 4 });
const show = evolve(undefined, { type: 'ShowOpened', showId: showId(1), name, pools, rules }, 9);
if (!show) throw new Error('an opened show has a ledger');

const everything = (): boolean => true;

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
  assert.equal(decodeFull(encodeFull(full)), full);
  assert.is(encodeFull([]), '');
});
