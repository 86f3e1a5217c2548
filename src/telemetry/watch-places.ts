import type { ShowId } from '../domain/ids.ts';
import { metricList } from './metrics/metric-list.ts';
import type { Registry } from './metrics/registry.ts';
import type { PartitionActivity } from './observe-projector.ts';

interface PlaceSums {
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  readonly heldSum: number;
  readonly confirmedSum: number;
}

export interface PlacesWatchOptions {
  readonly registry: Registry;
  readonly worked: ReadonlyMap<number, PartitionActivity>;
  /** The sum of a large show pauses in between, and is given up where it takes too long. */
  readonly sumPlaces: (showId: ShowId) => Promise<readonly PlaceSums[] | 'given-up'>;
  /** A page of the shows of a partition, ordered by id, starting after `after`. */
  readonly showsAfter: (
    partition: number,
    after: ShowId | undefined,
    limit: number,
  ) => Promise<readonly ShowId[]>;
  readonly monotonicMs: () => number;
}

/** The counters of the pools of one show, at the time of the last sum. */
interface Places {
  readonly partition: number;
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  /** When this process last saw a decision about it; monotonic. */
  readonly decidedMs: number;
}

interface Discrepancy {
  readonly partition: number;
  readonly oversold: number;
  readonly drift: number;
}

type WorkedPartition = readonly [partition: number, activity: PartitionActivity];

type CheckEnd = 'checked' | 'given-up';

/** Shows without a new decision that are checked per tick: an edit by hand leaves no decision. */
const othersAtOnce = 10;
/**
 * The time for one tick, however many shows there are. Shows that did not get their turn come first in the
 * next tick.
 */
const tickMs = 500;
/**
 * After a sum, its show is left alone for this many times the duration of the sum. A hot show with a million reservations
 * would otherwise be summed all the time, and cost the database a thirtieth of what its sale costs.
 */
const restFactor = 9;
const restWhenGivenUpMs = 600_000;
/** A show without a decision for this long counts as not on sale, whatever its sale window is. */
const onSaleMs = 3_600_000;

/**
 * Compares the counters of pools with the sums of their reservations: for shows with decisions since the last
 * tick, for shows found wrong before, and for some of the others in turn. Returns the function that runs one
 * tick, which takes about half a second at most unless a single show takes longer; the caller decides how
 * often.
 */
export const watchPlaces = (watching: PlacesWatchOptions): (() => Promise<void>) => {
  const { registry, worked, sumPlaces, showsAfter, monotonicMs } = watching;
  const wrong = new Map<ShowId, Discrepancy>();
  const onSale = newOnSale(watching);
  const restsUntilMs = new Map<ShowId, number>();
  const cursors = new Map<number, ShowId>();
  let lastInTurn = -1;
  const checked = registry.counter(metricList.checkedShows);
  registerGauges(registry, wrong);

  const check = async (partition: number, showId: ShowId, trigger: Trigger): Promise<CheckEnd> => {
    const sums = await sumPlaces(showId);
    if (sums === 'given-up') return sums;
    onSale.note(showId, { partition, sums, trigger });
    const discrepancy = { partition, ...discrepancyOf(sums) };
    checked.value += 1;
    if (discrepancy.oversold > 0 || discrepancy.drift > 0) wrong.set(showId, discrepancy);
    else wrong.delete(showId);
    return 'checked';
  };

  const checkAndRest = async ([partition, activity]: WorkedPartition, showId: ShowId): Promise<void> => {
    const beganMs = monotonicMs();
    // Taken out before the sum, so that a decision made meanwhile puts the show back.
    const trigger = activity.changedShows.delete(showId) ? 'changed' : 'in turn';
    let end: CheckEnd | 'failed' = 'failed';
    try {
      end = await check(partition, showId, trigger);
    } finally {
      const endMs = monotonicMs();
      if (end !== 'checked') activity.changedShows.add(showId);
      const restMs = end === 'given-up' ? restWhenGivenUpMs : restFactor * (endMs - beganMs);
      restsUntilMs.set(showId, endMs + restMs);
    }
  };

  const checkPartition = async ([partition, activity]: WorkedPartition, endsMs: number): Promise<void> => {
    const inTime = async (showId: ShowId): Promise<boolean> => {
      if (monotonicMs() >= endsMs) return false;
      // A resting show stays in its list, so it comes up again: as changed, as wrong, or in turn.
      if ((restsUntilMs.get(showId) ?? 0) <= monotonicMs()) await checkAndRest([partition, activity], showId);
      return true;
    };
    const known = [...wrong].flatMap(([id, found]) => (found.partition === partition ? id : []));
    for (const showId of new Set([...known, ...activity.changedShows])) if (!(await inTime(showId))) return;
    if (monotonicMs() >= endsMs) return;
    const others = await showsAfter(partition, cursors.get(partition), othersAtOnce);
    for (const showId of others) {
      if (!(await inTime(showId))) return;
      cursors.set(partition, showId);
    }
    if (others.length < othersAtOnce) cursors.delete(partition);
  };

  const evict = (): void => {
    for (const [showId, { partition }] of wrong) if (!worked.has(partition)) wrong.delete(showId);
    onSale.evict();
    for (const [showId, until] of restsUntilMs) if (until <= monotonicMs()) restsUntilMs.delete(showId);
  };

  return async () => {
    evict();
    const endsMs = monotonicMs() + tickMs;
    for (const [partition, activity] of inRotation(lastInTurn, worked)) {
      if (monotonicMs() >= endsMs) return;
      lastInTurn = partition;
      await checkPartition([partition, activity], endsMs);
    }
  };
};

const registerGauges = (registry: Registry, wrong: ReadonlyMap<ShowId, Discrepancy>): void => {
  const sumOf = (value: (discrepancy: Discrepancy) => number) => () => [
    { value: [...wrong.values()].reduce((sum, discrepancy) => sum + value(discrepancy), 0) },
  ];
  registry.gauge(
    metricList.oversold,
    sumOf(({ oversold }) => oversold),
  );
  registry.gauge(
    metricList.drift,
    sumOf(({ drift }) => drift),
  );
};

/** Why a show is summed: it was decided on since the last sum, or its turn came. */
type Trigger = 'changed' | 'in turn';

interface ShowSums {
  readonly partition: number;
  readonly sums: readonly PlaceSums[];
  readonly trigger: Trigger;
}

/**
 * The share of the places on sale that is sold: for shows with a decision within the last hour, by the
 * counters that were read with the sums.
 */
const newOnSale = ({ registry, worked, monotonicMs }: PlacesWatchOptions) => {
  const onSale = new Map<ShowId, Places>();
  registry.gauge(metricList.places, () =>
    metricList.places.values.map((state) => ({
      labels: [state],
      value: [...onSale.values()].reduce((sum, places) => sum + places[state], 0),
    })),
  );
  return {
    note: (showId: ShowId, { partition, sums, trigger }: ShowSums): void => {
      const decidedMs = trigger === 'changed' ? monotonicMs() : onSale.get(showId)?.decidedMs;
      if (decidedMs !== undefined) onSale.set(showId, { partition, decidedMs, ...placesOf(sums) });
    },
    evict: (): void => {
      for (const [showId, { partition, decidedMs }] of onSale)
        if (!worked.has(partition) || monotonicMs() - decidedMs > onSaleMs) onSale.delete(showId);
    },
  };
};

const placesOf = (pools: readonly PlaceSums[]): Pick<Places, 'capacity' | 'held' | 'confirmed'> => {
  const sumOf = (state: 'capacity' | 'held' | 'confirmed'): number =>
    pools.reduce((sum, pool) => sum + pool[state], 0);
  return { capacity: sumOf('capacity'), held: sumOf('held'), confirmed: sumOf('confirmed') };
};

/** All partitions, beginning with the one after the last that was checked. */
const inRotation = (
  last: number,
  worked: PlacesWatchOptions['worked'],
): readonly (readonly [number, PartitionActivity])[] => {
  const all = [...worked].toSorted(([one], [other]) => one - other);
  const next = all.filter(([partition]) => partition > last);
  return [...next, ...all.slice(0, all.length - next.length)];
};

const discrepancyOf = (pools: readonly PlaceSums[]): Pick<Discrepancy, 'oversold' | 'drift'> => {
  let [oversold, drift] = [0, 0];
  for (const { capacity, held, confirmed, heldSum, confirmedSum } of pools) {
    oversold += Math.max(0, heldSum + confirmedSum - capacity);
    drift += Math.abs(held - heldSum) + Math.abs(confirmed - confirmedSum);
  }
  return { oversold, drift };
};
