import { addSample, type BacklogSample, backlogOf } from '../../src/log/backlog-history.ts';
import { assert, suite } from '../support/suite.ts';

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

test('a group that was moved back starts a new history', () => {
  assert.is(waitAfter(sample(0, 0, 1_000), sample(1_000, 100, 900)), undefined);
  assert.is(waitAfter(sample(0, 0, 1_000), sample(1_000, 100, 900), sample(2_000, 50, 950)), 1);
});
