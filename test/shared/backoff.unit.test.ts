import { backoffMs } from '../../src/shared/backoff.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('back-off');

const pauses = { first: 20, last: 100 };
const failures = [1, 2, 3, 4, 5, 5_000];

test('pauses double up to the last, and the jitter takes away at most half', () => {
  const most = failures.map((count) => backoffMs(count, pauses, () => 1));
  const least = failures.map((count) => backoffMs(count, pauses, () => 0));
  assert.equal(most, [20, 40, 80, 100, 100, 100]);
  assert.equal(
    least,
    most.map((ms) => ms / 2),
  );
});
