import { beforeAll } from '../../src/domain/stream-id.ts';
import type { Progress } from '../../src/store/contract.ts';
import { numberIn, streamIdIn } from '../../src/store/row.ts';
import type { Tables } from './memory-store/tables.ts';

/** Where a partition stands by what is committed. */
export const progressOf = (tables: Tables, partition: number): Progress => {
  const row = tables.partitions.get(String(partition));
  if (!row) return { position: 0, watermark: beforeAll, clockMs: 0 };
  return {
    position: numberIn(row, 'position'),
    watermark: streamIdIn(row, 'watermark'),
    clockMs: numberIn(row, 'clock_ms'),
  };
};
