import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import { alone, type Commits } from './commit-batch.ts';
import { lookAhead, prepareAhead } from './look-ahead.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { backlogMin, readCount, readEntries, readMaxAfter } from './read-entries.ts';
import { type Lookahead, type Reading, readingOf } from './reading.ts';
import { settle } from './settle.ts';
import type { Verdict } from './verdict.ts';

/**
 * One batch, one transaction; the commit is the acknowledgement. A read continues at the group's position only when all
 * entries read before are committed or being committed. In any other case it starts again from the watermark.
 */
export const step = async (owned: OwnedPartition, commits = alone(owned)): Promise<Verdict> => {
  const beganMs = owned.clock.monotonicMs();
  const rest = owned.reset ? undefined : owned.rest;
  const reading = rest ?? (await nextReading(owned));
  owned.rest = undefined;
  if ('type' in reading) return reading;
  owned.isBehind = reading.isBacklog;
  const verdict = await settleSome(owned, reading, commits);
  if (!rest) owned.readMax = readMaxAfter(owned, reading.entries.length, owned.clock.monotonicMs() - beganMs);
  owned.reset = !isInStep(verdict);
  return verdict;
};

/** Whether every entry that was read is committed, or still in memory to be decided. */
const isInStep = ({ type }: Verdict): boolean => type === 'committed' || type === 'halved' || type === 'idle';

/** Returns the entries that were read ahead, unless all has to be read again from the watermark. */
const nextReading = async (owned: OwnedPartition): Promise<Reading | Verdict> => {
  const { ahead, reset, progress } = owned;
  owned.ahead = undefined;
  owned.reset = true;
  const read = await ahead?.reading;
  if (ahead && read && (!reset || read.type !== 'read'))
    return readOrEnd(owned, read, { count: ahead.count, ahead });
  const from = reset ? 'watermark' : 'last-read';
  const count = readCount(owned);
  const entries = await readEntries(owned, { watermark: progress.watermark, from, count });
  return readOrEnd(owned, entries, { count, ahead: undefined });
};

const readOrEnd = (
  { settings: { batchMax } }: OwnedPartition,
  read: ReadVerdict,
  { count, ahead }: { readonly count: number; readonly ahead: Lookahead | undefined },
): Reading | Verdict => {
  switch (read.type) {
    case 'read':
      return readingOf(read, { count, backlogMin: backlogMin(batchMax), ahead });
    case 'reconnected':
      return { type: 'retry', error: new Error('reconnected to Redis') };
    case 'lease-lost':
      return read;
  }
};

/** Settles as many entries as fit a batch. Holds that are due lapse even when there is no entry. */
const settleSome = async (owned: OwnedPartition, reading: Reading, commits: Commits): Promise<Verdict> => {
  // Not with late entries: the note of where they begin stays until a read after their commit (fenced-read.lua).
  const [first] = reading.entries;
  const isLate = first && compareStreamIds(first.streamId, owned.progress.watermark) <= 0;
  const isBacklog = first && reading.isBacklog && !reading.newer && !isLate;
  // These cost look-ups, and a write before or after their commit: nobody waits for them.
  const isSlow = isLate || reading.entries.some(isOpening);
  if (isSlow) commits.pass();
  return await settle(owned, reading, {
    commits: isSlow ? alone(owned) : commits,
    meanwhile: async ({ batch, left }) => {
      // When a batch is tried again, the entries that were read ahead of it are still there.
      if (isBacklog && left.length === 0 && !owned.ahead) await lookAhead(owned, batch);
      await owned.published;
      prepareAhead(owned);
    },
  });
};

const isOpening = ({ content }: ReadEntry): boolean =>
  content.type === 'request' && content.request.type === 'ShowOpeningRequested';
