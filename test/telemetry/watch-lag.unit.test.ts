import type { Metric } from '../../src/telemetry/metrics/metric.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { newRegistry } from '../../src/telemetry/metrics/registry.ts';
import { watchLag } from '../../src/telemetry/watch-lag.ts';
import { assert, suite } from '../support/suite.ts';
import { newActivity } from './activity.ts';

const test = suite('lag and bounds');

const quiet = { entries: 0, oldestMs: 0, length: 5, keptMs: 60_000, aheadMs: 0 };
const busy = { entries: 1_000, oldestMs: 4_000, length: 3_000, keptMs: 90_000, aheadMs: 2_000 };

const world = () => {
  const registry = newRegistry();
  const clock = { monotonicMs: 7_000 };
  const hands = new Map([[2, newActivity()]]);
  const look = watchLag({
    registry,
    worked: hands,
    free: () => [7],
    sampleLag: async ({ partition }) => (partition === 7 ? quiet : busy),
    sampleMemory: async () => 0.5,
    limits: {
      backlog_entries: 1,
      backlog_wait_seconds: 1,
      redis_memory_share: 1,
      retention_entries: 1,
      retention_seconds: 1,
    },
    monotonicMs: () => clock.monotonicMs,
  });
  const told = (metric: Metric): Readonly<Record<string, number>> =>
    Object.fromEntries(
      (registry.collect().find((family) => family.metric === metric)?.points ?? []).map((point) => [
        point.labels.join(),
        'value' in point ? point.value : Number.NaN,
      ]),
    );
  return { look, told, clock, hands };
};

test('lag is told for partitions that are worked here and for those that nobody works', async () => {
  const { look, told } = world();
  await look();
  assert.equal(told(metricList.lagEntries), { 2: 1_000, 7: 0 });
  assert.equal(told(metricList.lagSeconds), { 2: 4, 7: 0 });
  assert.equal(told(metricList.clockAhead), { '': 2 });
});

test('of each bound the partition that uses most is told', async () => {
  const { look, told } = world();
  await look();
  assert.equal(told(metricList.boundUsed), {
    backlog_entries: 1_000,
    backlog_wait_seconds: 4,
    redis_memory_share: 0.5,
    retention_entries: 3_000,
    retention_seconds: 90,
  });
});

test('the wait is estimated by what was decided since the last look', async () => {
  const { look, told, clock, hands } = world();
  await look();
  clock.monotonicMs += 5_000;
  const [hand] = hands.values();
  if (hand) hand.decided += 500;
  await look();
  assert.is(told(metricList.boundUsed)['backlog_wait_seconds'], 10);
});
