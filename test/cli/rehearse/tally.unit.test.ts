import type { Silence } from '../../../src/cli/rehearse/silences.ts';
import { newTally } from '../../../src/cli/rehearse/tally.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the tally of a rehearsal');

const times = { wantedPerSecond: 10, reachedSeconds: 2, seconds: 4, silences: [] };

test('answers are counted by name, and rates are theirs over the time they took', () => {
  const tally = newTally();
  for (const name of ['202', '201', '202', '503 overloaded']) tally.answer(name);
  for (let n = 0; n < 6; n++) tally.count('sent');
  for (let n = 0; n < 5; n++) tally.count('reached');
  const figures = tally.figures(times);
  assert.equal(figures.answers, { '201': 1, '202': 2, '503 overloaded': 1 });
  assert.equal([figures.sent, figures.reachedPerSecond, figures.httpPerSecond], [6, 2.5, 1]);
});

const near = (found: number, wanted: number): void =>
  assert.ok(Math.abs(found - wanted) <= wanted / 100, `${found} instead of ${wanted}`);

test('percentiles are those of what was timed, each kind by itself', () => {
  const tally = newTally();
  for (let ms = 1; ms <= 200; ms++) tally.time('answered', ms);
  tally.time('followedUp', 7);
  const { answered, followedUp, decided } = tally.figures(times).latency;
  assert.is(answered.count, 200);
  near(answered.p50, 100);
  near(answered.p95, 190);
  near(answered.p99, 198);
  near(answered.max, 200);
  near(followedUp.p50, 7);
  assert.equal(decided, { count: 0, p50: 0, p95: 0, p99: 0, max: 0 });
});

test('decisions are kept by thirds as well, so that a queue that grows is seen', () => {
  const tally = newTally();
  for (const [ms, progress] of [
    [10, 0],
    [20, 0.5],
    [300, 0.7],
    [300, 1],
  ] as const)
    tally.decided(ms, progress);
  const { latency, decidedMsByThird } = tally.figures(times);
  assert.is(latency.decided.count, 4);
  for (const [at, wanted] of [10, 20, 300].entries()) near(decidedMsByThird[at] ?? 0, wanted);
});

test('of what had to be sent again the last word is kept, and of odd answers the first', () => {
  const tally = newTally();
  tally.repeat('overloaded', 'full');
  tally.repeat('overloaded', 'fuller');
  for (let n = 0; n < 30; n++) tally.odd(`answer ${n}`);
  const { repeated, odd, ends } = tally.figures(times);
  assert.equal(repeated, { overloaded: { count: 2, detail: 'fuller' } });
  assert.equal([odd[0], odd.length, ends['odd answer']], ['answer 0', 20, 30]);
});

test('being late counts only while the service answered: afterwards everybody comes at once', () => {
  const tally = newTally();
  const atSecond = (second: number, ms: number) => tally.sentLate(ms, second * 1_000);
  for (const second of [100, 101, 102, 103]) atSecond(second, 20);
  atSecond(104, 900);
  for (const second of [110, 112, 114, 116, 118]) atSecond(second, 900);
  const shareWith = (silences: readonly Silence[]) => tally.figures({ ...times, silences }).lateShare;
  near(shareWith([]), 0.6);
  assert.is(shareWith([{ fromMs: 109_500, toMs: 113_500, why: 'ECONNREFUSED' }]), 0.2);
  assert.is(tally.figures(times).latency.sentLate.count, 10);
});
