import type { Clock, Random } from '../../domain/ports.ts';
import type { Store } from '../../store/open-store.ts';

interface Choice {
  readonly store: Pick<Store, 'openShowsByPartition'>;
  readonly partitions: number;
  readonly random: Random;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Counting reads every show: a series of openings shares one count. */
const countedEveryMs = 5_000;

/**
 * The partition with the fewest open shows; a random one where several have as few, so that shows opened at once are spread.
 * While the database is away, any partition is chosen, so that a show can still be opened.
 */
export const choosePartition = ({ store, partitions, random, clock }: Choice): (() => Promise<number>) => {
  let countedMs = Number.NEGATIVE_INFINITY;
  let open = new Map<number, number>();
  const count = async (): Promise<void> => {
    if (clock.monotonicMs() - countedMs < countedEveryMs) return;
    const counted = await store.openShowsByPartition().catch(() => undefined);
    open = new Map(counted);
    if (counted) countedMs = clock.monotonicMs();
  };
  return async () => {
    await count();
    const all = [...Array(partitions).keys()];
    const fewest = Math.min(...all.map((partition) => open.get(partition) ?? 0));
    const candidates = all.filter((partition) => (open.get(partition) ?? 0) === fewest);
    const chosen = candidates[Math.floor(random() * candidates.length)] ?? 0;
    open.set(chosen, fewest + 1);
    return chosen;
  };
};
