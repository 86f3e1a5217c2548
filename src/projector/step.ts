import type { StreamId } from '../domain/stream-id.ts';
import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { settle } from './settle.ts';

/** How one turn of the loop ended. Everything that can go wrong has a name here. */
export type Verdict =
  | { readonly type: 'committed'; readonly decisions: number }
  /** Nothing to do until something newer than `after` arrives. */
  | { readonly type: 'idle'; readonly after: StreamId }
  /** Another projector claimed the partition: nothing of ours can be committed any more. */
  | { readonly type: 'fenced' }
  /** The lease went to another: nothing may be read any more. */
  | { readonly type: 'lease-lost' }
  /** An entry was written by a newer version: this process must not judge it. */
  | { readonly type: 'newer'; readonly version: number }
  /** The world is in the way (connection, deadlock, disk full): nothing was applied, try again later. */
  | { readonly type: 'retry'; readonly error: Error };

/**
 * One batch, one transaction; the commit is the acknowledgement. Only when all that was read is committed is the next
 * read allowed to go on from where the group stands: after anything else it starts again from the watermark.
 */
export const step = async (owned: OwnedPartition): Promise<Verdict> => {
  const { reset } = owned;
  owned.reset = true;
  const read = await readEntries(owned, reset);
  if (read.type === 'reconnected') return { type: 'retry', error: new Error('connected to Redis anew') };
  if (read.type === 'lease-lost') return read;
  const { decidable, newer } = beforeNewer(read.entries);
  if (newer && decidable.length === 0) return newer;
  const verdict = await settleAll(owned, decidable, read);
  owned.reset = newer !== undefined || (verdict.type !== 'committed' && verdict.type !== 'idle');
  return verdict;
};

type Read = Extract<ReadVerdict, { type: 'read' }>;

const readEntries = ({ log, partition, lease, progress, settings }: OwnedPartition, reset: boolean) =>
  log.read({
    partition,
    leaseToken: lease.token,
    count: settings.batchMax,
    watermark: progress.watermark,
    reset,
  });

const settleAll = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  { nowMs, lastDelivered }: Read,
): Promise<Verdict> =>
  entries.length === 0 ? { type: 'idle', after: lastDelivered } : await settle(owned, entries, nowMs);

/** Entries in front of the first one of a newer version; those behind it must wait for their turn. */
const beforeNewer = (entries: readonly ReadEntry[]) => {
  const index = entries.findIndex(({ content }) => content.type === 'newer');
  const content = entries[index]?.content;
  return content?.type === 'newer'
    ? { decidable: entries.slice(0, index), newer: { type: 'newer', version: content.version } as const }
    : { decidable: entries, newer: undefined };
};
