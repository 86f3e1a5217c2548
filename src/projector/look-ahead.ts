import { compareStreamIds } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { Progress } from '../store/contract.ts';
import type { DecidedBatch, Settlement } from './decide/batch.ts';
import { decideEntries } from './decide-entries.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { readCount, readEntries } from './read-entries.ts';
import type { Delivery, Lookahead } from './reading.ts';

/**
 * In a backlog: while a batch commits, reads and decides the entries after it, so that neither side idles. The result is
 * discarded unless that commit succeeds. Never throws: the next step meets the same error.
 */
export const lookAhead = async (owned: OwnedPartition, batch: DecidedBatch): Promise<void> => {
  const base = batch.after;
  const count = readCount(owned);
  const reading = readEntries(owned, { watermark: base.watermark, from: 'last-read', count });
  const ahead: Lookahead = { base, reading, count };
  owned.ahead = ahead;
  try {
    const read = await reading;
    const decided = read.type === 'read' ? await decideAhead(owned, batch, read) : undefined;
    if (decided) ahead.decided = decided;
  } catch (err) {
    owned.logger.debug({ partition: owned.partition, err }, 'nothing was decided ahead');
  }
  // Deciding took a while: let the commit send its next statement before anything else is done.
  await owned.clock.sleep(0);
};

/** Builds the INSERT texts of what was decided ahead, while the database commits the batch before it. Never throws. */
export const prepareAhead = ({ partition, ahead, store }: OwnedPartition): void => {
  const batch = ahead?.decided?.batch;
  try {
    if (batch) store.prepare({ partition, entries: batch.journal, parked: batch.parked });
  } catch {
    // Committing the batch meets the same error and handles it.
  }
};

/** Only requests about reservations, above the watermark, are decided ahead: they depend on no other uncommitted state. */
const decideAhead = async (
  owned: OwnedPartition,
  batch: DecidedBatch,
  { entries, nowMs }: Delivery,
): Promise<Settlement | undefined> => {
  // Parking writes rows that are not in the state of the batch.
  if (batch.parked.length > 0) return undefined;
  if (entries.length === 0 || !entries.every((entry) => isPlain(entry, batch.after))) return undefined;
  return await decideEntries(owned, {
    entries,
    nowMs,
    lapseUntilMs: nowMs,
    max: owned.share,
    base: batch,
  });
};

const isPlain = ({ streamId, content }: ReadEntry, { watermark }: Progress): boolean =>
  content.type === 'request' &&
  content.request.type !== 'ShowOpeningRequested' &&
  content.request.type !== 'ShowChangeRequested' &&
  compareStreamIds(streamId, watermark) > 0;
