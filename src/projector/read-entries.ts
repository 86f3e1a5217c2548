import type { StreamId } from '../domain/stream-id.ts';
import type { ReadVerdict } from '../log/contract.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Behind what was read last, or from the watermark on, where group and database may disagree about that. */
export const readEntries = (
  { log, partition, lease, readMax }: OwnedPartition,
  watermark: StreamId,
  from: 'last-read' | 'watermark',
): Promise<ReadVerdict> =>
  log.read({
    partition,
    leaseToken: lease.token,
    count: readMax,
    watermark,
    reset: from === 'watermark',
  });
