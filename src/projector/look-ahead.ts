import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry, ReadVerdict } from '../log/contract.ts';
import type { Progress } from '../store/contract.ts';
import type { DecidedBatch } from './decide-batch.ts';
import { type Decided, decideEntries } from './decide-entries.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { readEntries } from './read-entries.ts';
import { readCount } from './read-size.ts';

export type Read = Extract<ReadVerdict, { type: 'read' }>;

/** What was read while the batch in front of it was being committed, and decided as if that were done. */
export interface Ahead {
  /** Where that batch leaves the partition. Unless it stands exactly there, all of this is decided again. */
  readonly behind: Progress;
  /** Rejects as reading does. */
  readonly reading: Promise<ReadVerdict>;
  /** How many entries were asked for. */
  readonly count: number;
  /** Absent where what it depends on was not certain before the commit. */
  decided?: Decided;
}

/**
 * In a backlog the database need not wait for us, nor we for it: reads and decides the entries behind a batch while that
 * is committed. Nothing is believed of it before. Never throws: what goes wrong is met by the next step.
 */
export const lookAhead = async (owned: OwnedPartition, batch: DecidedBatch): Promise<void> => {
  const behind = batch.after;
  const count = readCount(owned);
  const reading = readEntries(owned, { watermark: behind.watermark, from: 'last-read', count });
  const ahead: Ahead = { behind, reading, count };
  owned.ahead = ahead;
  try {
    const read = await reading;
    const decided = read.type === 'read' ? await decideAhead(owned, batch, read) : undefined;
    if (decided) ahead.decided = decided;
  } catch (err) {
    owned.logger.debug({ partition: owned.partition, err }, 'nothing was decided ahead');
  }
  // Deciding took a while: the commit's next statement goes out before anything else is done.
  await owned.clock.sleep(0);
};

/** Makes the rows of what was decided ahead, while the database is busy with those in front of them. Never throws. */
export const prepareAhead = ({ partition, ahead, store }: OwnedPartition): void => {
  const batch = ahead?.decided?.batch;
  try {
    if (batch) store.prepare({ partition, entries: batch.journal, parked: batch.parked });
  } catch {
    // Committing it meets the same, and knows what to do.
  }
};

/** Only requests about reservations, behind the batch: it is then all they can depend on that is not committed. */
const decideAhead = async (
  owned: OwnedPartition,
  batch: DecidedBatch,
  { entries, nowMs }: Read,
): Promise<Decided | undefined> => {
  // What is parked leaves a trace in the tables that only the database knows of.
  if (batch.parked.length > 0) return undefined;
  if (entries.length === 0 || !entries.every((entry) => isPlain(entry, batch.after))) return undefined;
  return await decideEntries(owned, {
    entries,
    nowMs,
    lapseUntilMs: nowMs,
    max: owned.settings.batchMax,
    behind: batch,
  });
};

const isPlain = ({ streamId, content }: ReadEntry, { watermark }: Progress): boolean =>
  content.type === 'request' &&
  content.request.type !== 'ShowOpeningRequested' &&
  content.request.type !== 'ShowChangeRequested' &&
  compareStreamIds(streamId, watermark) > 0;
