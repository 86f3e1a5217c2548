import fc from 'fast-check';
import { boardOf } from '../../../src/domain/board.ts';
import { evolve, type ShowLedger } from '../../../src/domain/ledger.ts';
import { type Outcome, outcomeId } from '../../../src/domain/outcome.ts';
import { decodeBoard, decodeFull, encodeBoard, encodeFull } from '../../../src/log/wire/board-codec.ts';
import { decodeOutcomes, encodeOutcomes } from '../../../src/log/wire/outcome-codec.ts';
import { opening, poolId, requestId, showId } from '../../domain/generate.ts';
import { assert, suite } from '../../support/suite.ts';
import { outcomeOf, reservationOf } from '../requests.ts';
import { spoilt } from '../spoilt-entry.ts';

const test = suite('messages that were spoilt on their way');

const { name, pools, rules } = opening({ standing: 5, balcony: 0 }, { opensAtMs: 7, maxPerRequest: 4 });
const ledgerOf = (): ShowLedger => {
  const show = evolve(undefined, { type: 'ShowOpened', showId: showId(1), name, pools, rules }, 9);
  if (!show) throw new Error('an opened show has a ledger');
  return show;
};
const show = ledgerOf();

const outcomes: readonly Outcome[] = [
  outcomeOf(0, 1),
  { type: 'show', show },
  { type: 'answer', requestId: requestId(1), reservation: reservationOf(0, 1) },
  { type: 'answer', requestId: requestId(2), refusal: { reason: 'not-held', poolId: poolId('standing') } },
];

const everything = (): boolean => true;

const message = fc
  .subarray([...outcomes], { minLength: 1 })
  .map((some) => Buffer.from(encodeOutcomes(some)[0] ?? ''));

test('outcomes: whatever became of a message, what is heard is a whole outcome under its own id', () => {
  let whole = 0;
  let broken = 0;
  fc.assert(
    fc.property(spoilt(message), (bytes) => {
      const reading = decodeOutcomes(bytes, everything);
      for (const [id, outcome] of reading.outcomes) {
        assert.is(outcomeId(outcome), id);
        const [again = ''] = encodeOutcomes([outcome]);
        assert.equal(decodeOutcomes(Buffer.from(again), everything).outcomes, [[id, outcome]]);
      }
      whole += reading.outcomes.length;
      broken += reading.broken;
    }),
    { numRuns: 5_000 },
  );
  assert.ok(whole > 0 && broken > 0, `${whole} heard, ${broken} broken`);
});

test('outcomes: a spoilt one costs those beside it nothing while the lines stand', () => {
  const beside = fc.integer({ min: 0, max: outcomes.length - 1 });
  const text = fc.oneof(fc.json(), fc.string(), fc.constantFrom('', 'null', '[]', '{}', '\u0000'));
  fc.assert(
    fc.property(beside, text, (n, other) => {
      const [whole = ''] = encodeOutcomes(outcomes);
      const lines = whole.split('\n');
      lines[n + 2] = other.replaceAll('\n', ' ');
      const heard = decodeOutcomes(Buffer.from(lines.join('\n')), everything).outcomes;
      assert.equal(
        heard.map(([, outcome]) => outcome),
        outcomes.filter((_, at) => at !== n),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('boards: a spoilt one is as good as none, or one that could have been written', () => {
  const board = Buffer.from(encodeBoard(boardOf(show)));
  const full = Buffer.from(encodeFull([{ id: poolId('balcony'), mayReturn: true }]));
  fc.assert(
    fc.property(spoilt(fc.constant(board)), spoilt(fc.constant(full)), (one, other) => {
      const read = decodeBoard(showId(1), one.toString());
      if (read) assert.equal(decodeBoard(showId(1), encodeBoard(read)), read);
      const fullPools = decodeFull(other.toString());
      assert.equal(decodeFull(encodeFull(fullPools)), fullPools);
    }),
    { numRuns: 3_000 },
  );
});
