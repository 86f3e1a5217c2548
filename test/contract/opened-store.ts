import type { PartitionStore, Reader } from '../../src/store/contract.ts';

export interface OpenedStore {
  readonly store: PartitionStore;
  readonly reader: Reader;
  readonly close: () => Promise<void>;
}

export type Under = () => OpenedStore;

// Each test has a partition of its own: the store is shared, its partitions are not.
let partitions = 0;
export const newPartition = (): number => {
  partitions += 1;
  return partitions;
};
