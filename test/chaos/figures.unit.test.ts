import { assert, suite } from '../support/suite.ts';
import { gapsOf, longestGap, longestGapWithin } from './gaps.ts';
import { takeOversOf } from './take-overs.ts';

const test = suite('figures of the fault drill');

const load = { fromMs: 1_000, toMs: 2_000 };

test('a gap counts from the beginning of the load to its end, and nothing outside of it', () => {
  const gaps = gapsOf([500, 1_100, 1_150, 1_600, 2_500], load);
  assert.equal(
    gaps.map(({ ms }) => ms),
    [100, 50, 450, 400],
  );
  assert.is(longestGap(gaps), 450);
});

test('without any decision the whole load is one gap', () => {
  assert.is(longestGap(gapsOf([], load)), 1_000);
});

test('a gap belongs to every fault that it has a moment in common with', () => {
  const gaps = gapsOf([1_100, 1_150, 1_600], load);
  assert.is(longestGapWithin(gaps, { fromMs: 1_120, toMs: 1_140 }), 50);
  assert.is(longestGapWithin(gaps, { fromMs: 1_140, toMs: 1_200 }), 450);
  assert.is(longestGapWithin(gaps, { fromMs: 2_100, toMs: 2_200 }), 0);
});

test('a take-over lasts from the loss of the owner to the first commit of whoever came next', () => {
  const losses = [
    { how: 'kill -9', atMs: 1_000, partitions: [0, 1, 2] },
    { how: 'paused', atMs: 9_000, partitions: [0] },
  ];
  const claims = [
    { partition: 0, epoch: 1, seenAtMs: 500, quietSinceMs: undefined, committedAtMs: 600 },
    { partition: 0, epoch: 2, seenAtMs: 4_000, quietSinceMs: undefined, committedAtMs: undefined },
    { partition: 0, epoch: 3, seenAtMs: 4_500, quietSinceMs: undefined, committedAtMs: 4_600 },
    { partition: 1, epoch: 2, seenAtMs: 4_000, quietSinceMs: undefined, committedAtMs: 4_050 },
    { partition: 2, epoch: 2, seenAtMs: 4_000, quietSinceMs: undefined, committedAtMs: undefined },
  ];
  assert.equal(takeOversOf(losses, claims), [
    { how: 'kill -9', partition: 0, epoch: 3, tookMs: 3_600 },
    { how: 'kill -9', partition: 1, epoch: 2, tookMs: 3_050 },
  ]);
});
