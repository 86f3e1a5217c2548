import type { Random } from '../domain/ports.ts';
import type { Store } from '../store/open-store.ts';

interface Choice {
  readonly store: Pick<Store, 'openShowsByPartition'>;
  readonly partitions: number;
  readonly random: Random;
}

/**
 * The partition with the fewest open shows; one of them by chance, so that shows opened at once do not all meet. While
 * the database is away, any: a show can be opened all the same.
 */
export const choosePartition =
  ({ store, partitions, random }: Choice) =>
  async (): Promise<number> => {
    const open = await store.openShowsByPartition().catch(() => new Map<number, number>());
    const all = [...Array(partitions).keys()];
    const fewest = Math.min(...all.map((partition) => open.get(partition) ?? 0));
    const candidates = all.filter((partition) => (open.get(partition) ?? 0) === fewest);
    return candidates[Math.floor(random() * candidates.length)] ?? 0;
  };
