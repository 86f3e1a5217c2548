import type { StreamId } from '../domain/stream-id.ts';
import type { ReadVerdict } from '../log/contract.ts';
import type { OwnedPartition } from './owned-partition.ts';

interface ReadRange {
  readonly watermark: StreamId;
  /** After the last entry that was read; or from the watermark, when group and database may disagree about that entry. */
  readonly from: 'last-read' | 'watermark';
  readonly count: number;
}

export const readEntries = async (
  owned: OwnedPartition,
  { watermark, from, count }: ReadRange,
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

const startAt = 100;
const quickMs = 500;
const slowMs = 1_000;

/** Limit of an owner's first read: with very long entries, settling a whole batch can take longer than a lease. */
export const firstReadMax = (batchMax: number): number => Math.min(startAt, batchMax);

/** A full read of fewer entries is no backlog: transactions of their own would cost too much. */
export const backlogMin = (batchMax: number): number => Math.ceil(batchMax / 20);

/** How many entries the next read asks for, within the share of this turn. Leaves room in the batch for the holds that lapse among them. */
export const readCount = ({
  readMax,
  lapsing,
  share,
  settings: { batchMax },
}: Pick<OwnedPartition, 'readMax' | 'lapsing' | 'share' | 'settings'>): number =>
  Math.min(share, Math.max(firstReadMax(batchMax), Math.min(readMax, batchMax - lapsing)));

/**
 * The next limit of a read, after a step that read `entries` and took `tookMs`: twice as many while full reads are settled
 * quickly, half as many when one was slow. So an owner does not lose its lease again and again over the same large batch.
 */
export const readMaxAfter = (
  { readMax, settings: { batchMax } }: Pick<OwnedPartition, 'readMax' | 'settings'>,
  entries: number,
  tookMs: number,
): number => {
  if (tookMs > slowMs) return Math.max(firstReadMax(batchMax), readMax >> 1);
  return entries === readMax && tookMs < quickMs ? Math.min(batchMax, readMax * 2) : readMax;
};
