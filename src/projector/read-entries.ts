import type { StreamId } from '../domain/stream-id.ts';
import type { ReadVerdict } from '../log/contract.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Behind what was read last, or from the watermark on, where group and database may disagree about that. */
export const readEntries = async (
  owned: OwnedPartition,
  watermark: StreamId,
  from: 'last-read' | 'watermark',
): Promise<ReadVerdict> => {
  const { log, partition, lease, readMax } = owned;
  const read = await log.read({
    partition,
    leaseToken: lease.token,
    count: readMax,
    watermark,
    reset: from === 'watermark',
  });
  if (read.type === 'read') owned.redisTime = { nowMs: read.nowMs, atMs: owned.clock.monotonicMs() };
  return read;
};
