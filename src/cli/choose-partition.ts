import type { Random } from '../domain/ports.ts';
import type { Store } from '../store/open-store.ts';

interface Choice {
  readonly store: Pick<Store, 'openShowsByPartition'>;
  readonly partitions: number;
  readonly random: Random;
}

/** The partition with the fewest open shows; one of them by chance, so that shows opened at once do not all meet. */
export const choosePartition =
  ({ store, partitions, random }: Choice) =>
  async (): Promise<number> => {
    const open = await store.openShowsByPartition();
    const all = [...Array(partitions).keys()];
    const fewest = Math.min(...all.map((partition) => open.get(partition) ?? 0));
    const candidates = all.filter((partition) => (open.get(partition) ?? 0) === fewest);
    return candidates[Math.floor(random() * candidates.length)] ?? 0;
  };
