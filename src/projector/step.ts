import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadVerdict } from '../log/contract.ts';
import { lookAhead, prepareAhead } from './look-ahead.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishPending } from './publish.ts';
import { readCount, readEntries, readMaxAfter } from './read-entries.ts';
import { type Reading, readingOf } from './reading.ts';
import { settle } from './settle.ts';
import type { Verdict } from './verdict.ts';

/**
 * One batch, one transaction; the commit is the acknowledgement. A read continues at the group's position only when all
 * entries read before are committed or being committed. In any other case it starts again from the watermark.
 */
export const step = async (owned: OwnedPartition): Promise<Verdict> => {
  const beganMs = owned.clock.monotonicMs();
  const rest = owned.reset ? undefined : owned.rest;
  const reading = rest ?? (await nextReading(owned));
  owned.rest = undefined;
  if ('type' in reading) return reading;
  const verdict = await settleSome(owned, reading);
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
    return readOrEnd(read, { count: ahead.count, ahead });
  const from = reset ? 'watermark' : 'last-read';
  const count = readCount(owned);
  return readOrEnd(await readEntries(owned, { watermark: progress.watermark, from, count }), { count });
};

const readOrEnd = (
  read: ReadVerdict,
  { count, ahead }: Pick<Reading, 'ahead'> & { readonly count: number },
): Reading | Verdict => {
  switch (read.type) {
    case 'read':
      return readingOf(read, count, ahead);
    case 'reconnected':
      return { type: 'retry', error: new Error('reconnected to Redis') };
    case 'lease-lost':
      return read;
  }
};

/** Settles as many entries as fit a batch. Holds that are due lapse even when there is no entry. */
const settleSome = async (owned: OwnedPartition, reading: Reading): Promise<Verdict> => {
  // Not with late entries: the note of where they begin stays until a read after their commit (fenced-read.lua).
  const [first] = reading.entries;
  const isBacklog =
    reading.isFull &&
    !reading.newer &&
    first &&
    compareStreamIds(first.streamId, owned.progress.watermark) > 0;
  return await settle(owned, reading, async ({ batch, left }) => {
    // When a batch is tried again, the entries that were read ahead of it are still there.
    if (isBacklog && left.length === 0 && !owned.ahead) await lookAhead(owned, batch);
    await publishPending(owned);
    prepareAhead(owned);
  });
};
