import { type Connection, createConnection } from 'mysql2/promise';
import type { Store } from '../../src/store/open-store.ts';
import type { Metric } from '../../src/telemetry/metrics/metric.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { newRegistry } from '../../src/telemetry/metrics/registry.ts';
import type { PartitionActivity } from '../../src/telemetry/observe-projector.ts';
import { watchPlaces } from '../../src/telemetry/watch-places.ts';
import { openMigratedStore } from '../store/open-test-store.ts';
import { BASE_MS, confirmed, held, lineOf, newId, newOwner, opening } from '../store/story.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { newActivity } from './activity.ts';

const test = suite('the gauges that must be 0', { timeoutMs: 40_000 });

const partition = 1;
const neverAborted = new AbortController().signal;
let database: Database;
let store: Store;
let hand: Connection;

test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url);
  await store.agreePartitions({ partitions: 2, rule: 'test' });
  hand = await createConnection(database.url);
});
test.after(async () => {
  await hand.end();
  await store.close();
  await database.drop();
});

/** The test sets the time, so that a slow database does not cause a rest. */
const watching = () => {
  const registry = newRegistry();
  const clock = { nowMs: 0 };
  const worked = new Map<number, PartitionActivity>([[partition, newActivity()]]);
  const look = watchPlaces({
    registry,
    worked,
    sumPlaces: (showId) => store.sumPlaces(showId, neverAborted),
    showsAfter: async (of, after, limit) => {
      const page = await store.partitionStore.ledgersOfPartition(of, { limit, ...(after && { after }) });
      return page.showIds;
    },
    monotonicMs: () => clock.nowMs,
  });
  const gauge = (metric: Metric): number => {
    const [point] = registry.collect().find((family) => family.metric === metric)?.points ?? [];
    return point && 'value' in point ? point.value : Number.NaN;
  };
  const places = () =>
    registry
      .collect()
      .find((family) => family.metric === metricList.places)
      ?.points.map((point) => ('value' in point ? point.value : Number.NaN));
  const both = () => [gauge(metricList.oversold), gauge(metricList.drift)];
  return {
    look,
    both,
    places,
    clock,
    worked,
    checked: () => registry.counter(metricList.checkedShows).value,
  };
};

test('they are 0 on tables that agree, and move when a hand alters a counter, a reservation or a capacity', async () => {
  const show = newId(partition);
  const owner = await newOwner(store.partitionStore, partition);
  await owner.commit([
    opening(show, { a: 10, b: 5 }),
    confirmed(show, [lineOf('a', 3), lineOf('b', 1)]),
    confirmed(show, [lineOf('a', 4)]),
    held(show, [lineOf('b', 2)], { expiresAtMs: BASE_MS + 10_000 }),
  ]);
  const { look, both } = watching();
  await look();
  assert.equal(both(), [0, 0]);

  await hand.query("UPDATE pools SET confirmed = confirmed - 2 WHERE pool_id = 'a'");
  await look();
  assert.equal(both(), [0, 2]);

  await hand.query("UPDATE pools SET confirmed = confirmed + 2 WHERE pool_id = 'a'");
  await hand.query(`UPDATE reservations SET line_list = '[["a",40]]' WHERE line_list = '[["a",4]]'`);
  await look();
  assert.equal(both(), [33, 36], '43 of 10 places, and a counter that says 7');

  await hand.query(`UPDATE reservations SET line_list = '[["a",4]]' WHERE line_list = '[["a",40]]'`);
  await look();
  assert.equal(both(), [0, 0]);
});

test('places are told of shows that were decided on within the hour, and of no others', async () => {
  const show = newId(partition);
  const idle = newId(partition);
  const owner = await newOwner(store.partitionStore, partition);
  await owner.commit([
    opening(show, { stalls: 10, boxes: 5 }),
    opening(idle, { stalls: 1_000 }),
    confirmed(show, [lineOf('stalls', 3), lineOf('boxes', 1)]),
    held(show, [lineOf('boxes', 2)], { expiresAtMs: BASE_MS + 10_000 }),
  ]);
  const { look, places, clock, worked } = watching();
  worked.get(partition)?.changedShows.add(show);
  await look();
  assert.equal(places(), [15, 2, 4]);
  await owner.commit([confirmed(show, [lineOf('stalls', 2)])]);
  clock.nowMs = 3_599_000;
  worked.get(partition)?.changedShows.add(show);
  await look();
  assert.equal(places(), [15, 2, 6]);
  clock.nowMs = 7_198_000;
  await look();
  assert.equal(places(), [15, 2, 6], 'the hour counts from the last decision');
  clock.nowMs = 7_300_000;
  await look();
  assert.equal(places(), [0, 0, 0]);
  worked.get(partition)?.changedShows.add(show);
  await look();
  worked.clear();
  await look();
  assert.equal(places(), [0, 0, 0], 'of a partition that went to another nothing is said');
});

test('of a partition that went to another nothing is said any more', async () => {
  const { look, both, worked } = watching();
  await hand.query("UPDATE pools SET confirmed = confirmed - 1 WHERE pool_id = 'b'");
  await look();
  assert.equal(both(), [0, 1]);
  worked.clear();
  await look();
  assert.equal(both(), [0, 0]);
  await hand.query("UPDATE pools SET confirmed = confirmed + 1 WHERE pool_id = 'b'");
});

test('what was parked and waits is counted by partition', async () => {
  assert.equal(
    await store.parkedByPartition(),
    new Map([
      [0, 0],
      [1, 0],
    ]),
  );
});
