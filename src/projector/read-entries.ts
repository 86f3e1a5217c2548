import type { StreamId } from '../domain/stream-id.ts';
import type { ReadVerdict } from '../log/contract.ts';
import type { OwnedPartition } from './owned-partition.ts';

interface Range {
  readonly watermark: StreamId;
  /** Behind what was read last, or from the watermark on, where group and database may disagree about that. */
  readonly from: 'last-read' | 'watermark';
  readonly count: number;
}

export const readEntries = async (
  owned: OwnedPartition,
  { watermark, from, count }: Range,
): Promise<ReadVerdict> => {
  const { log, partition, lease } = owned;
  const read = await log.read({
    partition,
    leaseToken: lease.token,
    count,
    watermark,
    reset: from === 'watermark',
  });
  if (read.type === 'read') owned.redisTime = { nowMs: read.nowMs, atMs: owned.clock.monotonicMs() };
  return read;
};
