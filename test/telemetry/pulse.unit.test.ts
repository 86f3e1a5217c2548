import type { PartitionActivity } from '../../src/telemetry/observe-projector.ts';
import { newPulse } from '../../src/telemetry/pulse.ts';
import { assert, suite } from '../support/suite.ts';
import { newActivity } from './activity.ts';

const test = suite('whether the loops of a projector go on');

const workedAt = (beatAtMs: number): PartitionActivity => ({ ...newActivity(), beatAtMs });

const world = () => {
  const clock = { nowMs: 1_000 };
  const worked = new Map([[3, workedAt(1_000)]]);
  return { clock, worked, pulse: newPulse(worked, { limitMs: 100, monotonicMs: () => clock.nowMs }) };
};

test('a loop that asks somebody anything in time is alive', () => {
  const { clock, worked, pulse } = world();
  clock.nowMs = 1_100;
  assert.equal(pulse.stuck(), {});
  clock.nowMs = 1_150;
  pulse.beat();
  worked.set(3, workedAt(1_150));
  assert.equal(pulse.stuck(), {});
});

test('a partition whose loop stands still is named', () => {
  const { clock, pulse } = world();
  clock.nowMs = 3_000;
  pulse.beat();
  assert.equal(pulse.stuck(), { 'partition 3': 'no sign of life for 2 s' });
});

test('so is the competition for leases, with no partition at hand', () => {
  const { clock, worked, pulse } = world();
  worked.clear();
  clock.nowMs = 1_101;
  assert.equal(Object.keys(pulse.stuck()), ['leases']);
});
