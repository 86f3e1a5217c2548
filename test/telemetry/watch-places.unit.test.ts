import { metricList } from '../../src/telemetry/metric-list.ts';
import type { Worked } from '../../src/telemetry/observe-projector.ts';
import { newRegistry } from '../../src/telemetry/registry.ts';
import { watchPlaces } from '../../src/telemetry/watch-places.ts';
import { showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('how often the places of a show are summed');

test('a show whose sum takes a second is left alone for twenty, and then looked at although nothing changed since', async () => {
  const clock = { nowMs: 0 };
  const hand: Worked = {
    beatAtMs: 0,
    watermark: undefined,
    changedShows: new Set([showId(1)]),
    decided: 0,
    readings: [],
    settled: [],
  };
  const registry = newRegistry();
  const look = watchPlaces({
    registry,
    worked: new Map([[1, hand]]),
    sumPlaces: async () => {
      clock.nowMs += 1_000;
      return [];
    },
    showsAfter: async () => [],
    monotonicMs: () => clock.nowMs,
  });
  const checked = (): number => registry.counter(metricList.checkedShows).value;
  await look();
  assert.is(checked(), 1);
  hand.changedShows.add(showId(1));
  clock.nowMs = 19_000;
  await look();
  assert.is(checked(), 1);
  clock.nowMs = 20_000;
  await look();
  assert.is(checked(), 2);
});
