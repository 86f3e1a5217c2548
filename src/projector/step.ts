import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import { lapseDue } from './lapse-due.ts';
import { type Ahead, lookAhead, prepareAhead, type Read } from './look-ahead.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishUntold } from './publish.ts';
import { readEntries } from './read-entries.ts';
import { readMaxAfter } from './read-size.ts';
import { settle } from './settle.ts';
import type { Verdict } from './verdict.ts';

/**
 * One batch, one transaction; the commit is the acknowledgement. Only when all that was read is committed, or while it is
 * being committed, may a read go on from where the group stands: after anything else it starts again from the watermark.
 */
export const step = async (owned: OwnedPartition): Promise<Verdict> => {
  const beganMs = owned.clock.monotonicMs();
  const reading = await nextRead(owned);
  const { read } = reading;
  if (read.type === 'reconnected') return { type: 'retry', error: new Error('connected to Redis anew') };
  if (read.type === 'lease-lost') return read;
  const { decidable, newer } = beforeNewer(read.entries);
  if (newer && decidable.length === 0) return newer;
  const verdict = await settleAll(owned, decidable, { ...reading, read });
  owned.readMax = readMaxAfter(owned, read.entries.length, owned.clock.monotonicMs() - beganMs);
  owned.reset = newer !== undefined || (verdict.type !== 'committed' && verdict.type !== 'idle');
  return verdict;
};

interface Reading {
  readonly read: ReadVerdict;
  /** How many entries were asked for. */
  readonly count: number;
  /** What was decided of these very entries already. */
  readonly ahead?: Ahead;
}

/** What was read ahead, unless all has to be read again from the watermark. */
const nextRead = async (owned: OwnedPartition): Promise<Reading> => {
  const { ahead, reset, readMax, progress } = owned;
  owned.ahead = undefined;
  owned.reset = true;
  const read = await ahead?.reading;
  if (ahead && read && (!reset || read.type !== 'read')) return { read, count: ahead.count, ahead };
  const from = reset ? 'watermark' : 'last-read';
  return { read: await readEntries(owned, progress.watermark, from), count: readMax };
};

interface Settleable extends Reading {
  readonly read: Read;
}

/** With nothing to decide, holds that are due lapse all the same. */
const settleAll = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  { read, count, ahead }: Settleable,
): Promise<Verdict> => {
  const [first] = entries;
  if (!first) {
    const lapsed = await lapseDue(owned, read.nowMs);
    return lapsed.type === 'none-due' ? { type: 'idle', after: read.lastDelivered } : lapsed;
  }
  // Where late reading began is noted until the read that comes after their commit (fenced-read.lua).
  const isBacklog =
    entries.length === count && compareStreamIds(first.streamId, owned.progress.watermark) > 0;
  return await settle(owned, entries, read.nowMs, {
    ahead,
    meanwhile: async (batch) => {
      if (isBacklog) await lookAhead(owned, batch);
      await publishUntold(owned);
      prepareAhead(owned);
    },
  });
};

/** Entries in front of the first one of a newer version; those behind it must wait for their turn. */
const beforeNewer = (entries: readonly ReadEntry[]) => {
  const index = entries.findIndex(({ content }) => content.type === 'newer');
  const content = entries[index]?.content;
  return content?.type === 'newer'
    ? { decidable: entries.slice(0, index), newer: { type: 'newer', version: content.version } as const }
    : { decidable: entries, newer: undefined };
};
