import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import { lapseDue } from './lapse-due.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { readMaxAfter } from './read-size.ts';
import { settle } from './settle.ts';
import type { Verdict } from './verdict.ts';

/**
 * One batch, one transaction; the commit is the acknowledgement. Only when all that was read is committed is the next
 * read allowed to go on from where the group stands: after anything else it starts again from the watermark.
 */
export const step = async (owned: OwnedPartition): Promise<Verdict> => {
  const { reset } = owned;
  owned.reset = true;
  const beganMs = owned.clock.monotonicMs();
  const read = await readEntries(owned, reset);
  if (read.type === 'reconnected') return { type: 'retry', error: new Error('connected to Redis anew') };
  if (read.type === 'lease-lost') return read;
  const { decidable, newer } = beforeNewer(read.entries);
  if (newer && decidable.length === 0) return newer;
  const verdict = await settleAll(owned, decidable, read);
  owned.readMax = readMaxAfter(owned, read.entries.length, owned.clock.monotonicMs() - beganMs);
  owned.reset = newer !== undefined || (verdict.type !== 'committed' && verdict.type !== 'idle');
  return verdict;
};

type Read = Extract<ReadVerdict, { type: 'read' }>;

const readEntries = ({ log, partition, lease, progress, readMax }: OwnedPartition, reset: boolean) =>
  log.read({
    partition,
    leaseToken: lease.token,
    count: readMax,
    watermark: progress.watermark,
    reset,
  });

/** With nothing to decide, holds that are due lapse all the same. */
const settleAll = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  { nowMs, lastDelivered }: Read,
): Promise<Verdict> => {
  if (entries.length > 0) return await settle(owned, entries, nowMs);
  const lapsed = await lapseDue(owned, nowMs);
  return lapsed.type === 'none-due' ? { type: 'idle', after: lastDelivered } : lapsed;
};

/** Entries in front of the first one of a newer version; those behind it must wait for their turn. */
const beforeNewer = (entries: readonly ReadEntry[]) => {
  const index = entries.findIndex(({ content }) => content.type === 'newer');
  const content = entries[index]?.content;
  return content?.type === 'newer'
    ? { decidable: entries.slice(0, index), newer: { type: 'newer', version: content.version } as const }
    : { decidable: entries, newer: undefined };
};
