import type { ServerTime } from '../../src/domain/server-time.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { newRegistry } from '../../src/telemetry/metrics/registry.ts';
import { watchClock } from '../../src/telemetry/watch-clock.ts';
import { type Logged, loggerInto } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the clock of this process beside that of Redis');

const redisMs = 1_700_000_000_000;
const hourMs = 3_600_000;

/** A Redis with a correct clock, and a process whose clock may be wrong; the answer takes 20 ms. */
const world = (limitMs = 30_000) => {
  const registry = newRegistry();
  const logged: Logged[] = [];
  const at = { monotonicMs: 500, aheadMs: 0, isAway: false };
  const others: ServerTime[] = [];
  const watch = watchClock({
    registry,
    logger: loggerInto(logged),
    clock: { nowMs: () => redisMs + at.monotonicMs + at.aheadMs, monotonicMs: () => at.monotonicMs },
    serverTimes: async () => {
      if (at.isAway) return [];
      const sentMs = at.monotonicMs;
      at.monotonicMs += 20;
      return [
        { timeMs: redisMs + sentMs + 10, sentMs, answeredMs: at.monotonicMs },
        ...others.map((other) => ({
          ...other,
          timeMs: other.timeMs + sentMs,
          sentMs,
          answeredMs: sentMs + 20,
        })),
      ];
    },
    limitMs,
  });
  const gauge = (): readonly number[] =>
    registry
      .collect()
      .filter(({ metric }) => metric === metricList.clockDifference)
      .flatMap(({ points }) => points.map((point) => ('value' in point ? point.value : Number.NaN)));
  return {
    ...watch,
    at,
    others,
    gauge,
    lines: () => logged.map(({ level, message }) => `${level} ${message}`),
  };
};

const typeOf = ({ state }: ReturnType<typeof world>): string => {
  const now = state();
  return now.type === 'differs' && now.isHarmful ? 'harmful' : now.type;
};

test('a difference of more than a second is told, one beyond the limit does harm, in both directions', async () => {
  const w = world();
  await w.sample();
  const statesAt = (aheadMs: number): string => {
    w.at.aheadMs = aheadMs;
    return typeOf(w);
  };
  assert.is(statesAt(0), 'same');
  // Within the 10 ms before and after the answer no difference can be proved.
  assert.is(statesAt(1_010), 'same');
  assert.is(statesAt(1_011), 'differs');
  assert.is(statesAt(30_010), 'differs');
  assert.is(statesAt(30_011), 'harmful');
  assert.is(statesAt(hourMs), 'harmful');
  assert.is(statesAt(-1_010), 'same');
  assert.is(statesAt(-1_011), 'differs');
  assert.is(statesAt(-30_011), 'harmful');
});

test('a clock that jumps between two looks is known at once, and in words', async () => {
  const w = world();
  await w.sample();
  assert.equal(w.gauge(), [0]);
  w.at.aheadMs = 2 * hourMs + 10;
  assert.equal(w.gauge(), [7_200]);
  const state = w.state();
  assert.is(
    state.type === 'differs' && state.text,
    'the clock of this host is 7200.0 s ahead of that of Redis',
  );
  w.at.aheadMs = -hourMs - 10;
  assert.equal(w.gauge(), [-3_600]);
  const behind = w.state();
  assert.is(
    behind.type === 'differs' && behind.text,
    'the clock of this host is 3600.0 s behind that of Redis',
  );
});

test('it is logged when it begins, once a minute while it lasts, and when it is over', async () => {
  const w = world();
  const lookFor = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await w.sample();
      w.at.monotonicMs += 980;
    }
  };
  await lookFor(5);
  assert.equal(w.lines(), []);
  w.at.aheadMs = 5_010;
  await lookFor(59);
  const warning =
    'warn the clock of this host is 5.0 s ahead of that of Redis: compare both with a time server (docs/operating/clock-ahead.md)';
  assert.equal(w.lines(), [warning]);
  await lookFor(5);
  assert.equal(w.lines(), [warning, warning]);
  w.at.aheadMs = 0;
  await lookFor(5);
  const over = 'info the clocks of this host and of Redis agree again';
  assert.equal(w.lines(), [warning, warning, over]);
  // A difference that comes and goes every second is not logged every second.
  for (let n = 0; n < 20; n += 1) {
    w.at.aheadMs = n % 2 === 0 ? 5_010 : 0;
    await lookFor(1);
  }
  assert.equal(w.lines(), [warning, warning, over]);
});

test('while Redis says nothing, nothing is told for longer than an answer is believed', async () => {
  const w = world();
  assert.is(typeOf(w), 'unknown');
  assert.equal(w.gauge(), []);
  await w.sample();
  w.at.aheadMs = hourMs;
  w.at.monotonicMs += 4_980;
  assert.is(typeOf(w), 'harmful');
  w.at.monotonicMs += 1;
  assert.is(typeOf(w), 'unknown');
  assert.equal(w.gauge(), []);
  w.at.isAway = true;
  await w.sample();
  assert.is(typeOf(w), 'unknown');
});

test('of several masters the one that differs most counts', async () => {
  const w = world();
  w.others.push({ timeMs: redisMs - 4_000, sentMs: 0, answeredMs: 0 });
  await w.sample();
  assert.is(typeOf(w), 'differs');
  assert.equal(w.gauge(), [4]);
});
