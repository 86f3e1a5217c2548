import type { ShowId } from '../domain/ids.ts';
import { metricList } from './metrics/metric-list.ts';
import type { Registry } from './metrics/registry.ts';
import type { Worked } from './observe-projector.ts';

interface PlaceSums {
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  readonly heldSum: number;
  readonly confirmedSum: number;
}

export interface PlacesWatching {
  readonly registry: Registry;
  readonly worked: ReadonlyMap<number, Worked>;
  /** A large show's is made with rests in between, and given up where it takes too long. */
  readonly sumPlaces: (showId: ShowId) => Promise<readonly PlaceSums[] | 'given-up'>;
  /** Shows of a partition by id, a page behind `after`. */
  readonly showsAfter: (
    partition: number,
    after: ShowId | undefined,
    limit: number,
  ) => Promise<readonly ShowId[]>;
  readonly monotonicMs: () => number;
}

/** Of one show, as its pools said when they were summed. */
interface Places {
  readonly partition: number;
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
  /** When somebody decided on it last, as far as this is known here; monotonic. */
  readonly decidedMs: number;
}

interface Wrong {
  readonly partition: number;
  readonly oversold: number;
  readonly drift: number;
}

/** Of those that nothing was decided on: a hand in the tables leaves no decision behind. */
const othersAtOnce = 10;
/** One look may take about so long, however many shows there are. Whose turn did not come is due in the next. */
const lookMs = 500;
/** A large show is left alone for so many times as long as its sum took, which rested for most of that itself. */
const restFactor = 3;
const restWhenGivenUpMs = 600_000;
/** A show that nothing was decided on for so long is not on sale, whatever its window says. */
const onSaleMs = 3_600_000;

/**
 * Compares what pools say with what their reservations add up to, for shows that were decided on since the last look,
 * those found wrong before, and some of the others in turn. Returns one look of about half a second at most, unless a
 * single show takes longer; whoever made it says how often.
 */
export const watchPlaces = (watching: PlacesWatching): (() => Promise<void>) => {
  const { registry, worked, sumPlaces, showsAfter, monotonicMs } = watching;
  const wrong = new Map<ShowId, Wrong>();
  const onSale = newOnSale(watching);
  const restsUntilMs = new Map<ShowId, number>();
  const cursors = new Map<number, ShowId>();
  let lastInTurn = -1;
  const checked = registry.counter(metricList.checkedShows);
  tell(registry, wrong);

  const check = async (partition: number, showId: ShowId, seen: Seen): Promise<'checked' | 'given-up'> => {
    const sums = await sumPlaces(showId);
    if (sums === 'given-up') return sums;
    onSale.note(showId, { partition, sums, seen });
    const found = { partition, ...judged(sums) };
    checked.value += 1;
    if (found.oversold > 0 || found.drift > 0) wrong.set(showId, found);
    else wrong.delete(showId);
    return 'checked';
  };

  const checkAndRest = async (partition: number, hand: Worked, showId: ShowId): Promise<void> => {
    const beganMs = monotonicMs();
    // First, because of what is decided on while it is added up.
    const seen = hand.changedShows.delete(showId) ? 'changed' : 'in turn';
    let end: 'checked' | 'given-up' | 'failed' = 'failed';
    try {
      end = await check(partition, showId, seen);
    } finally {
      const endMs = monotonicMs();
      if (end !== 'checked') hand.changedShows.add(showId);
      const restMs = end === 'given-up' ? restWhenGivenUpMs : restFactor * (endMs - beganMs);
      restsUntilMs.set(showId, endMs + restMs);
    }
  };

  const lookAt = async (partition: number, hand: Worked, endsMs: number): Promise<void> => {
    const inTime = async (showId: ShowId): Promise<boolean> => {
      if (monotonicMs() >= endsMs) return false;
      // Whoever rests stays where it was found, and is due again: by its change, for being wrong, or in turn.
      if ((restsUntilMs.get(showId) ?? 0) <= monotonicMs()) await checkAndRest(partition, hand, showId);
      return true;
    };
    const known = [...wrong].flatMap(([showId, found]) => (found.partition === partition ? showId : []));
    for (const showId of new Set([...known, ...hand.changedShows])) if (!(await inTime(showId))) return;
    if (monotonicMs() >= endsMs) return;
    const others = await showsAfter(partition, cursors.get(partition), othersAtOnce);
    for (const showId of others) {
      if (!(await inTime(showId))) return;
      cursors.set(partition, showId);
    }
    if (others.length < othersAtOnce) cursors.delete(partition);
  };

  const forget = (): void => {
    for (const [showId, { partition }] of wrong) if (!worked.has(partition)) wrong.delete(showId);
    onSale.forget();
    for (const [showId, until] of restsUntilMs) if (until <= monotonicMs()) restsUntilMs.delete(showId);
  };

  return async () => {
    forget();
    const endsMs = monotonicMs() + lookMs;
    for (const [partition, hand] of behind(lastInTurn, worked)) {
      if (monotonicMs() >= endsMs) return;
      lastInTurn = partition;
      await lookAt(partition, hand, endsMs);
    }
  };
};

const tell = (registry: Registry, wrong: ReadonlyMap<ShowId, Wrong>): void => {
  const sumOf = (value: (found: Wrong) => number) => () => [
    { value: [...wrong.values()].reduce((sum, found) => sum + value(found), 0) },
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

/** Whether it was decided on since it was summed before. */
type Seen = 'changed' | 'in turn';

interface Summed {
  readonly partition: number;
  readonly sums: readonly PlaceSums[];
  readonly seen: Seen;
}

/** How much of what is on sale is sold: of shows that were decided on within the hour, by the pools as they were read with the sums. */
const newOnSale = ({ registry, worked, monotonicMs }: PlacesWatching) => {
  const onSale = new Map<ShowId, Places>();
  registry.gauge(metricList.places, () =>
    metricList.places.values.map((state) => ({
      labels: [state],
      value: [...onSale.values()].reduce((sum, places) => sum + places[state], 0),
    })),
  );
  return {
    note: (showId: ShowId, { partition, sums, seen }: Summed): void => {
      const decidedMs = seen === 'changed' ? monotonicMs() : onSale.get(showId)?.decidedMs;
      if (decidedMs !== undefined) onSale.set(showId, { partition, decidedMs, ...placesOf(sums) });
    },
    forget: (): void => {
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

/** All of them, from the one behind where the last look came to its end. */
const behind = (last: number, worked: PlacesWatching['worked']): readonly (readonly [number, Worked])[] => {
  const all = [...worked].toSorted(([one], [other]) => one - other);
  const next = all.filter(([partition]) => partition > last);
  return [...next, ...all.slice(0, all.length - next.length)];
};

const judged = (pools: readonly PlaceSums[]): Pick<Wrong, 'oversold' | 'drift'> => {
  let [oversold, drift] = [0, 0];
  for (const { capacity, held, confirmed, heldSum, confirmedSum } of pools) {
    oversold += Math.max(0, heldSum + confirmedSum - capacity);
    drift += Math.abs(held - heldSum) + Math.abs(confirmed - confirmedSum);
  }
  return { oversold, drift };
};
