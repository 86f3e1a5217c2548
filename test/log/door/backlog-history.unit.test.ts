import { addSample, type BacklogSample, backlogOf } from '../../../src/log/door/backlog-history.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the history of a backlog');

const sample = (atMs: number, entries: number, read: number | undefined): BacklogSample => ({
  atMs,
  entries,
  read,
  memoryUsed: 0,
});

const waitAfter = (...samples: readonly BacklogSample[]): number | undefined =>
  backlogOf(samples.reduce<readonly BacklogSample[]>(addSample, []))?.waitSeconds;

test('the wait is the backlog at the rate of the window', () => {
  assert.is(waitAfter(sample(0, 500, 0), sample(1_000, 450, 100), sample(2_000, 400, 200)), 4);
});

test('nothing is known of the wait while nothing is decided, or by one sample', () => {
  assert.is(waitAfter(sample(0, 5, 10)), undefined);
  assert.is(waitAfter(sample(0, 5, 10), sample(1_000, 9, 10)), undefined);
  assert.is(waitAfter(sample(0, 5, undefined), sample(1_000, 9, undefined)), undefined);
});

test('what happened before the window does not count', () => {
  assert.is(waitAfter(sample(0, 0, 0), sample(11_000, 100, 1_000), sample(12_000, 100, 1_050)), 2);
});

test('the rate is the fastest of the last ten seconds, no more and no less', () => {
  // 1,000 entries in the first second, then 10 in each.
  const after = (seconds: number) =>
    Array.from({ length: seconds + 1 }, (_, at) => sample(at * 1_000, 200, at === 0 ? 0 : 990 + 10 * at));
  assert.is(waitAfter(...after(10)), 200 / 1_000);
  assert.is(waitAfter(...after(11)), 20);
});

test('a group that was moved back starts a new history', () => {
  assert.is(waitAfter(sample(0, 0, 1_000), sample(1_000, 100, 900)), undefined);
  assert.is(waitAfter(sample(0, 0, 1_000), sample(1_000, 100, 900), sample(2_000, 50, 950)), 1);
});

test('a standstill does not make a short queue look endless', () => {
  const before = [sample(0, 50, 0), sample(1_000, 50, 1_000)];
  const standing = [2, 4, 6, 8, 10].map((second) => sample(second * 1_000, 60, 1_000));
  assert.is(waitAfter(...before, ...standing), 0.06);
  assert.is(waitAfter(...before, sample(2_000, 7_000, 1_010)), 7);
  assert.is(waitAfter(...before, ...standing, sample(20_000, 60, 1_000)), undefined);
});

test('a calm minute does not make the next burst look slow', () => {
  const calm = [0, 1, 2, 3].map((second) => sample(second * 1_000, 0, second));
  assert.is(waitAfter(...calm, sample(4_000, 500, 500), sample(5_000, 500, 1_500)), 0.5);
});
