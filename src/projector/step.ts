import type { StreamId } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
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

/** One batch, one transaction; the commit is the acknowledgement. */
export const step = async (owned: OwnedPartition): Promise<Verdict> => {
  const read = await readEntries(owned);
  if (read.type === 'reconnected')
    return { type: 'retry', error: new Error('reconnected to Redis: reading again from the watermark') };
  if (read.type !== 'read') return read;
  const { decidable, newer } = beforeNewer(read.entries);
  if (newer) owned.reset = true;
  if (newer && decidable.length === 0) return newer;
  if (decidable.length === 0) return { type: 'idle', after: read.lastDelivered };
  return await settle(owned, decidable, read.nowMs);
};

/** The request to start over is withdrawn only when the reply has come: a lost reply may have moved the group. */
const readEntries = async (owned: OwnedPartition) => {
  const { log, partition, lease, reset, progress, settings } = owned;
  owned.reset = true;
  const read = await log.read({
    partition,
    leaseToken: lease.token,
    count: settings.batchMax,
    watermark: progress.watermark,
    reset,
  });
  owned.reset = false;
  return read;
};

/** Entries in front of the first one of a newer version; those behind it must wait for their turn. */
const beforeNewer = (entries: readonly ReadEntry[]) => {
  const index = entries.findIndex(({ content }) => content.type === 'newer');
  const content = entries[index]?.content;
  return content?.type === 'newer'
    ? { decidable: entries.slice(0, index), newer: { type: 'newer', version: content.version } as const }
    : { decidable: entries, newer: undefined };
};
