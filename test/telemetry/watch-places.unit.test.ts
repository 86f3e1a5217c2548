import type { ShowId } from '../../src/domain/ids.ts';
import { metricList } from '../../src/telemetry/metric-list.ts';
import type { Worked } from '../../src/telemetry/observe-projector.ts';
import { newRegistry } from '../../src/telemetry/registry.ts';
import { watchPlaces } from '../../src/telemetry/watch-places.ts';
import { showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('how often the places of a show are summed');

interface Watched {
  readonly look: () => Promise<void>;
  readonly hand: Worked;
  readonly clock: { nowMs: number };
  readonly checked: () => number;
}

const newHand = (changed: readonly ShowId[]): Worked => ({
  beatAtMs: 0,
  watermark: undefined,
  changedShows: new Set(changed),
  decided: 0,
  readings: [],
  settled: [],
});

/** A partition where something was decided on a show; summing one does what `sum` does. */
const watched = (sum: (clock: Watched['clock'], show: string) => void): Watched => {
  const clock = { nowMs: 0 };
  const hand = newHand([showId(1)]);
  const registry = newRegistry();
  const look = watchPlaces({
    registry,
    worked: new Map([[1, hand]]),
    sumPlaces: async (show) => {
      sum(clock, show);
      return [];
    },
    showsAfter: async () => [],
    monotonicMs: () => clock.nowMs,
  });
  return { look, hand, clock, checked: () => registry.counter(metricList.checkedShows).value };
};

test('a show whose sum takes a second is left alone for twenty, and then looked at although nothing changed since', async () => {
  const { look, hand, clock, checked } = watched((it) => {
    it.nowMs += 1_000;
  });
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
    it.nowMs += 15_000;
    throw new Error('no answer in 15 s');
  });
  hand.changedShows.add(showId(2));
  assert.is(await outcomeOf(look), 'no answer in 15 s');
  clock.nowMs = 25_000;
  assert.is(await outcomeOf(look), 'looked');
  assert.is(checked(), 1);
  clock.nowMs = 599_000;
  assert.is(await outcomeOf(look), 'looked');
  assert.equal(summed, [showId(1), showId(2)]);
  clock.nowMs = 601_000;
  assert.is(await outcomeOf(look), 'no answer in 15 s');
});

test('a look ends after half a second, and each partition and each show has its turn in one of the next', async () => {
  const clock = { nowMs: 0 };
  const summed: string[] = [];
  const handOf = (...shows: number[]): Worked => newHand(shows.map((n) => showId(n)));
  const look = watchPlaces({
    registry: newRegistry(),
    worked: new Map([
      [2, handOf(4, 5)],
      [1, handOf(1, 2, 3)],
    ]),
    sumPlaces: async (show) => {
      summed.push(show);
      clock.nowMs += 200;
      return [];
    },
    showsAfter: async () => [],
    monotonicMs: () => clock.nowMs,
  });
  const shows = async (): Promise<readonly string[]> => {
    summed.length = 0;
    await look();
    clock.nowMs += 10_000;
    return [...summed];
  };
  assert.equal(
    await shows(),
    [1, 2, 3].map((n) => showId(n)),
  );
  assert.equal(
    await shows(),
    [4, 5].map((n) => showId(n)),
  );
  assert.equal(await shows(), []);
});

test('a partition where more is decided than can be summed leaves the others their turn', async () => {
  const clock = { nowMs: 0 };
  const summed: string[] = [];
  const busy = newHand([1, 2, 3, 4].map((n) => showId(n)));
  const look = watchPlaces({
    registry: newRegistry(),
    worked: new Map([
      [1, busy],
      [2, newHand([showId(9)])],
    ]),
    sumPlaces: async (show) => {
      summed.push(show);
      busy.changedShows.add(show);
      clock.nowMs += 200;
      return [];
    },
    showsAfter: async () => [],
    monotonicMs: () => clock.nowMs,
  });
  await look();
  await look();
  assert.equal(
    summed,
    [1, 2, 3, 9, 4].map((n) => showId(n)),
  );
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
