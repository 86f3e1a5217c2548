import { beforeAll } from '../../src/domain/stream-id.ts';
import type { Progress } from '../../src/store/contract.ts';
import { progressOf as progressIn } from '../../src/store/rows/partition-state.ts';
import type { Tables } from './memory-store/tables.ts';

/** A partition's progress according to the committed rows. */
export const progressOf = (tables: Tables, partition: number): Progress => {
  const row = tables.partitions.get(String(partition));
  return row ? progressIn(row) : { position: 0, watermark: beforeAll, clockMs: 0, judgedMs: 0 };
};
