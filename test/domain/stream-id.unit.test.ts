import fc from 'fast-check';
import { compareStreamIds, laterOf, msOf, newStreamId, parseStreamId } from '../../src/domain/stream-id.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('stream ids');

// Small numbers too, so that halves are often equal or differ in length.
const half = fc.oneof(fc.bigInt({ min: 0n, max: 120n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const pair = fc.tuple(half, half, half, half);

test('order is by number, to the last of 64 bits', () => {
  fc.assert(
    fc.property(pair, ([ms1, seq1, ms2, seq2]) => {
      const expected = ms1 === ms2 ? Number(seq1 > seq2) - Number(seq1 < seq2) : ms1 > ms2 ? 1 : -1;
      const a = newStreamId(`${ms1}`, `${seq1}`);
      const b = newStreamId(`${ms2}`, `${seq2}`);
      assert.is(Math.sign(compareStreamIds(a, b)), expected);
      assert.is(laterOf(a, b), expected >= 0 ? a : b);
    }),
  );
});

test('only ids as Redis writes them are parsed', () => {
  assert.is(parseStreamId('1700000000000-12'), '1700000000000-12');
  for (const text of ['', '1', '1-', '-1', '01-1', '1-01', '1-*', '$', '1-1 '])
    assert.is(parseStreamId(text), undefined);
});

test('the time of an id is its first half', () =>
  assert.is(msOf(newStreamId(1_700_000_000_123, 9)), 1_700_000_000_123));
