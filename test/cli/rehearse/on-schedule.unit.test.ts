import { onSchedule } from '../../../src/cli/rehearse/on-schedule.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('an open loop');

/** Time passes only during a sleep: as long as requested, or as long as this process was held up. */
const clockThat = (sleeps: (ms: number) => number) => {
  let nowMs = 5_000;
  return {
    monotonicMs: () => nowMs,
    sleep: async (ms: number): Promise<void> => {
      nowMs += sleeps(ms);
    },
  };
};

interface SendRecord {
  readonly request: number;
  readonly intendedMs: number;
  readonly atMs: number;
}

const played = async (sleeps: (ms: number) => number, stopAfter = Number.POSITIVE_INFINITY) => {
  const clock = clockThat(sleeps);
  const stopping = new AbortController();
  const all: SendRecord[] = [];
  const sent = await onSchedule({
    requests: 100,
    ratePerSecond: 50,
    clock,
    stopping: stopping.signal,
    send: (request, intendedMs) => {
      all.push({ request, intendedMs, atMs: clock.monotonicMs() });
      if (all.length === stopAfter) stopping.abort();
    },
  });
  return { sent, all };
};

test('each is sent once, in turn, when it is due and not before, though nothing is ever answered', async () => {
  const { sent, all } = await played((ms) => ms);
  assert.is(sent, 100);
  assert.equal(
    all.map(({ request }) => request),
    Array.from({ length: 100 }, (_, n) => n),
  );
  for (const { request, intendedMs, atMs } of all) {
    assert.is(intendedMs, 5_000 + request * 20);
    assert.ok(atMs >= intendedMs && atMs - intendedMs <= 2, `${atMs} for ${intendedMs}`);
  }
});

test('a process that was held up sends what is due at once, and owns up to being late', async () => {
  const { sent, all } = await played(() => 500);
  assert.is(sent, 100);
  const together = all.filter(({ atMs }) => atMs === 5_500);
  assert.is(together.length, 25);
  assert.is(Math.max(...together.map(({ intendedMs, atMs }) => atMs - intendedMs)), 480);
});

test('it ends when it is told to, and says how many it sent', async () => {
  const { sent, all } = await played((ms) => ms, 10);
  assert.equal([sent, all.length], [10, 10]);
});
