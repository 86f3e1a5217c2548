import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import type { DecidedBatch } from './decide-batch.ts';
import { lapseDue } from './lapse-due.ts';
import { lookAhead, type Read } from './look-ahead.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishUntold } from './publish.ts';
import { readEntries } from './read-entries.ts';
import { readMaxAfter } from './read-size.ts';
import { settle } from './settle.ts';
import type { Verdict } from './verdict.ts';

/**
 * One batch, one transaction; the commit is the acknowledgement. Only when all that was read is committed is the next
 * read allowed to go on from where the group stands: after anything else it starts again from the watermark.
 */
export const step = async (owned: OwnedPartition): Promise<Verdict> => {
  const beganMs = owned.clock.monotonicMs();
  const { read, count, decided } = await nextRead(owned);
  if (!decided) await publishUntold(owned);
  if (read.type === 'reconnected') return { type: 'retry', error: new Error('connected to Redis anew') };
  if (read.type === 'lease-lost') return read;
  const { decidable, newer } = beforeNewer(read.entries);
  if (newer && decidable.length === 0) return newer;
  const verdict = await settleAll(owned, decidable, { ...read, count, decided });
  owned.readMax = readMaxAfter(owned, read.entries.length, owned.clock.monotonicMs() - beganMs);
  owned.reset = newer !== undefined || (verdict.type !== 'committed' && verdict.type !== 'idle');
  return verdict;
};

interface NextRead {
  readonly read: ReadVerdict;
  /** How many entries were asked for. */
  readonly count: number;
  readonly decided?: DecidedBatch | undefined;
}

/** What was read ahead counts only if all has come as it was then expected; else it is read again. */
const nextRead = async (owned: OwnedPartition): Promise<NextRead> => {
  const { ahead, progress, readMax } = owned;
  const goesOn = !owned.reset && (!ahead || ahead.behind === progress);
  owned.ahead = undefined;
  owned.reset = true;
  const read = await ahead?.reading;
  if (ahead && read && (goesOn || read.type !== 'read')) return { ...ahead, read };
  const from = goesOn ? 'last-read' : 'watermark';
  return { read: await readEntries(owned, progress.watermark, from), count: readMax };
};

/** With nothing to decide, holds that are due lapse all the same. */
const settleAll = async (
  owned: OwnedPartition,
  entries: readonly ReadEntry[],
  { entries: all, nowMs, lastDelivered, count, decided }: Read & Omit<NextRead, 'read'>,
): Promise<Verdict> => {
  const [first] = entries;
  if (!first) {
    const lapsed = await lapseDue(owned, nowMs);
    return lapsed.type === 'none-due' ? { type: 'idle', after: lastDelivered } : lapsed;
  }
  // Where late reading began is noted until the read that comes after their commit (fenced-read.lua).
  const isBacklog =
    all.length === count &&
    entries.length === all.length &&
    compareStreamIds(first.streamId, owned.progress.watermark) > 0;
  return await settle(owned, entries, nowMs, {
    decided,
    meanwhile: async (batch) => {
      if (isBacklog) await lookAhead(owned, batch);
      await publishUntold(owned);
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
