import type { ShowId } from '../../src/domain/ids.ts';
import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { newRegistry } from '../../src/telemetry/metrics/registry.ts';
import type { PartitionActivity } from '../../src/telemetry/observe-projector.ts';
import { type PlacesWatchOptions, watchPlaces } from '../../src/telemetry/watch-places.ts';
import { showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { newActivity } from './activity.ts';

const test = suite('how often the places of a show are summed');

interface Watched {
  readonly look: () => Promise<void>;
  readonly hand: PartitionActivity;
  readonly clock: { nowMs: number };
  readonly checked: () => number;
}

/**
 * One partition with a decision on one show, unless the test says otherwise; `sum` replaces the summing of a
 * show.
 */
const watched = (
  sum: (clock: Watched['clock'], show: ShowId) => unknown,
  {
    hand = newActivity([showId(1)]),
    others = [],
    showsAfter = async () => [],
  }: {
    hand?: PartitionActivity;
    others?: [number, PartitionActivity][];
    showsAfter?: PlacesWatchOptions['showsAfter'];
  } = {},
): Watched => {
  const clock = { nowMs: 0 };
  const registry = newRegistry();
  const look = watchPlaces({
    registry,
    worked: new Map([...others, [1, hand]]),
    sumPlaces: async (show) => (sum(clock, show) === 'given-up' ? 'given-up' : []),
    showsAfter,
    monotonicMs: () => clock.nowMs,
  });
  return { look, hand, clock, checked: () => registry.counter(metricList.checkedShows).value };
};

const ids = (...numbers: readonly number[]): readonly ShowId[] => numbers.map((n) => showId(n));

test('a show whose sum takes five seconds has its next in fifty, although nothing changed since', async () => {
  const { look, hand, clock, checked } = watched((it) => {
    it.nowMs += 5_000;
  });
  await look();
  assert.is(checked(), 1);
  hand.changedShows.add(showId(1));
  clock.nowMs = 49_000;
  await look();
  assert.is(checked(), 1);
  clock.nowMs = 50_000;
  await look();
  assert.is(checked(), 2);
});

const outcomeOf = (look: () => Promise<void>): Promise<string> =>
  look().then(
    () => 'looked',
    (error: Error) => error.message,
  );

test('a show too large to be summed in time is left alone for ten minutes, and the others are looked at', async () => {
  const summed: string[] = [];
  const { look, hand, clock, checked } = watched((it, show) => {
    summed.push(show);
    if (show !== showId(1)) return;
    it.nowMs += 60_000;
    return 'given-up';
  });
  hand.changedShows.add(showId(2));
  await look();
  clock.nowMs = 70_000;
  await look();
  assert.is(checked(), 1);
  clock.nowMs = 659_000;
  await look();
  assert.equal(summed, [showId(1), showId(2)]);
  clock.nowMs = 661_000;
  await look();
  assert.equal(summed, [showId(1), showId(2), showId(1)]);
});

test('a look ends after half a second, and each partition and each show has its turn in one of the next', async () => {
  const summed: string[] = [];
  const sum = (clock: Watched['clock'], show: ShowId): void => {
    summed.push(show);
    clock.nowMs += 200;
  };
  const hand = newActivity(ids(1, 2, 3));
  const { look, clock } = watched(sum, { hand, others: [[2, newActivity(ids(4, 5))]] });
  const shows = async (): Promise<readonly string[]> => {
    summed.length = 0;
    await look();
    clock.nowMs += 10_000;
    return [...summed];
  };
  assert.equal(await shows(), ids(1, 2, 3));
  assert.equal(await shows(), ids(4, 5));
  assert.equal(await shows(), []);
});

test('a partition where more is decided than can be summed leaves the others their turn', async () => {
  const summed: string[] = [];
  const hand = newActivity(ids(1, 2, 3, 4));
  const sum = (clock: Watched['clock'], show: ShowId): void => {
    summed.push(show);
    hand.changedShows.add(show);
    clock.nowMs += 300;
  };
  const { look } = watched(sum, { hand, others: [[2, newActivity(ids(9))]] });
  await look();
  await look();
  assert.equal(summed, ids(1, 2, 9, 3));
});

test('where a look ends among shows that nothing was decided on, the next one goes on', async () => {
  const all = ids(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  const summed: string[] = [];
  const sum = (clock: Watched['clock'], show: ShowId): void => {
    summed.push(show);
    clock.nowMs += 200;
  };
  const showsAfter: PlacesWatchOptions['showsAfter'] = async (_, after, limit) => {
    const from = after === undefined ? 0 : all.indexOf(after) + 1;
    return all.slice(from, from + limit);
  };
  const { look } = watched(sum, { hand: newActivity(), showsAfter });
  await look();
  await look();
  assert.equal(summed, all.slice(0, 6));
});

test('a database that is away for a moment keeps nobody from looking again', async () => {
  let isAway = true;
  const { look, checked } = watched(() => {
    if (isAway) throw new Error('away');
  });
  assert.is(await outcomeOf(look), 'away');
  isAway = false;
  assert.is(await outcomeOf(look), 'looked');
  assert.is(checked(), 1);
});
