import { newSilences, type Silence } from '../../../src/cli/rehearse/silences.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('when the service was silent');

/**
 * A clock set by hand, 1,000,000 ms earlier than the wall clock. This process beats regularly unless told
 * otherwise.
 */
const begun = () => {
  let nowMs = 500;
  const silences = newSilences({ monotonicMs: () => nowMs, nowMs: () => nowMs + 1_000_000 });
  return {
    silences,
    /** Runs until that time. */
    to: (ms: number): void => {
      for (; nowMs < ms; nowMs += Math.min(100, ms - nowMs)) silences.beat();
      silences.beat();
    },
    /** Stalls until that time. */
    stalledTo: (ms: number): void => {
      nowMs = ms;
      silences.beat();
    },
    answered: (sentMs: number, waitMs = 0): void => silences.ended({ sentMs, waitMs }),
    failed: (sentMs: number, failure = 'ECONNREFUSED', waitMs = 0): void =>
      silences.ended({ sentMs, waitMs, failure }),
  };
};

const timesOf = (list: readonly Silence[]) =>
  list.map(({ fromMs, toMs }) => [fromMs - 1_000_000, toMs - 1_000_000]);

test('refused connections: from the last answer before to the first one after', () => {
  const { silences, to, answered, failed } = begun();
  to(1_000);
  answered(990);
  for (const ms of [1_200, 2_000, 4_000]) {
    to(ms);
    failed(ms);
  }
  to(9_000);
  answered(8_990);
  assert.equal(timesOf(silences.list()), [[1_200, 9_000]]);
  assert.is(silences.list()[0]?.why, 'ECONNREFUSED');
});

test('a process that stands still says nothing, refuses nothing, and is noticed by its first answers', () => {
  const { silences, to, answered } = begun();
  to(1_000);
  answered(990);
  to(7_000);
  answered(1_100);
  answered(3_000);
  assert.equal(timesOf(silences.list()), [[1_100, 7_000]]);
});

test('behind a silence the answer to who asked to wait may come first', () => {
  const { silences, to, answered } = begun();
  to(1_000);
  answered(990);
  to(6_000);
  answered(2_000, 5_000);
  to(6_100);
  answered(1_200);
  to(8_000);
  answered(7_990);
  assert.equal(timesOf(silences.list()), [[1_200, 6_000]]);
});

test('who asked to be kept waiting is owed nothing until then, and where nobody asks nobody is silent', () => {
  const { silences, to, answered, failed } = begun();
  to(11_000);
  answered(1_000, 10_000);
  to(60_000);
  answered(59_990);
  to(62_000);
  failed(60_500, 'ECONNRESET', 10_000);
  answered(61_990);
  assert.equal(silences.list(), []);
});

test('one of several processes that is gone is no silence: others answer', () => {
  const { silences, to, answered, failed } = begun();
  for (let ms = 1_000; ms < 5_000; ms += 500) {
    to(ms);
    failed(ms - 10);
    answered(ms - 10);
  }
  assert.equal(silences.list(), []);
});

test('what this process slept through is not the silence of another', () => {
  const { silences, to, stalledTo, answered } = begun();
  to(1_000);
  answered(990);
  stalledTo(9_000);
  answered(1_000);
  assert.equal(silences.list(), []);
});

test('a silence that began before this process slept ends where it fell asleep', () => {
  const { silences, to, stalledTo, answered, failed } = begun();
  to(1_000);
  failed(1_000);
  to(4_000);
  stalledTo(60_000);
  answered(59_000);
  assert.equal(timesOf(silences.list()), [[1_000, 4_000]]);
});

test('one that has not ended is told as such', () => {
  const { silences, to, failed } = begun();
  to(1_000);
  failed(1_000);
  to(5_000);
  assert.equal(silences.list()[0]?.isOpen, true);
});
