import { aheadOf, boundsAt, certainlyAhead } from '../../src/domain/server-time.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite("domain: another machine's time");

const time = { timeMs: 10_000, sentMs: 100, answeredMs: 140 };

test('the clock of the other machine shows what it said and what has passed since the answer, or since the question', () => {
  assert.equal(boundsAt(time, 140), { lowerMs: 10_000, upperMs: 10_040 });
  assert.equal(boundsAt(time, 1_140), { lowerMs: 11_000, upperMs: 11_040 });
});

test('an answer is believed for five seconds from its question', () => {
  assert.ok(boundsAt(time, 5_100));
  assert.is(boundsAt(time, 5_101), undefined);
});

test('what may be equal differs by nothing', () => {
  const bounds = { lowerMs: 100, upperMs: 140 };
  assert.equal(
    [99, 100, 120, 140, 141].map((ownMs) => aheadOf(bounds, ownMs)),
    [-1, 0, 0, 0, 1],
  );
  assert.is(certainlyAhead(bounds, { lowerMs: 140, upperMs: 150 }), 0);
  assert.is(certainlyAhead(bounds, { lowerMs: 145, upperMs: 150 }), -5);
  assert.is(certainlyAhead({ lowerMs: 145, upperMs: 150 }, bounds), 5);
});
