import type { Clock, Random } from '../../domain/ports.ts';
import { inTime } from '../../shared/in-time.ts';
import type { Store } from '../../store/open-store.ts';

interface Choice {
  readonly store: Pick<Store, 'openShowsByPartition'>;
  readonly partitions: number;
  readonly random: Random;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Without the count any partition will do, so a database that does not answer delays an opening no longer than this. */
const countLimit = { limitMs: 500, message: 'not counted in time' };

/** Counting reads every show: a series of openings shares one count. */
const countedEveryMs = 5_000;

/**
 * The partition with the fewest open shows; a random one where several have as few, so that shows opened at once are spread.
 * While the database is away, any partition is chosen, so that a show can still be opened.
 */
export const choosePartition = ({ store, partitions, random, clock }: Choice): (() => Promise<number>) => {
  let countedMs = Number.NEGATIVE_INFINITY;
  let open = new Map<number, number>();
  let counting: Promise<void> | undefined;
  const count = async (): Promise<void> => {
    const counted = await store.openShowsByPartition().catch(() => undefined);
    open = new Map(counted);
    if (counted) countedMs = clock.monotonicMs();
    counting = undefined;
  };
  return async () => {
    const isDue = clock.monotonicMs() - countedMs >= countedEveryMs;
    // Openings at once share one count.
    if (isDue) counting ??= count();
    if (counting !== undefined) await inTime(counting, countLimit).catch(() => undefined);
    const all = [...Array(partitions).keys()];
    const fewest = Math.min(...all.map((partition) => open.get(partition) ?? 0));
    const candidates = all.filter((partition) => (open.get(partition) ?? 0) === fewest);
    const chosen = candidates[Math.floor(random() * candidates.length)] ?? 0;
    open.set(chosen, fewest + 1);
    return chosen;
  };
};
