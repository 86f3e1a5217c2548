import type { Random } from '../domain/ports.ts';

/** In random order, so that two competitors do not chase the same partitions. */
export const shuffled = <Item>(items: readonly Item[], random: Random): Item[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
