import type { JournalEntry } from '../../domain/decisions.ts';
import { compareStreamIds } from '../../domain/stream-id.ts';
import type { AuditedPartition } from '../contract.ts';
import type { Notes } from '../state/notes.ts';
import type { Replay } from '../state/replay.ts';

/**
 * Checks the order of the entry: it comes after the entries that precede it on the stream, and within what
 * its partition's row records.
 */
export const judgeOrder = (
  replay: Replay,
  entry: JournalEntry,
  { notes, audited }: { readonly notes: Notes; readonly audited: AuditedPartition },
): void => {
  const { position, requestId, decidedAtMs } = entry;
  const about = requestId ?? `position ${position} of partition ${audited.partition}`;
  judgeStreamOrder(replay, entry, { notes, about, wentBack: audited.wentBack });
  const unaccounted = unaccountedFor(entry, audited);
  if (unaccounted) notes.note('unfenced', about, unaccounted);
  if (decidedAtMs < replay.decidedAtMs)
    notes.note('unfenced', about, `decided at ${decidedAtMs}, behind a decision of ${replay.decidedAtMs}`);
  replay.decidedAtMs = Math.max(replay.decidedAtMs, decidedAtMs);
};

const judgeStreamOrder = (
  replay: Replay,
  { streamId, late }: JournalEntry,
  { notes, about, wentBack }: { notes: Notes; about: string; wentBack: boolean | undefined },
): void => {
  if (!streamId) return;
  if (late) {
    if (wentBack === false)
      notes.note('out-of-order', about, `${streamId} is late, though the stream never went back`);
    return;
  }
  const { streamId: last } = replay;
  if (last && compareStreamIds(streamId, last) <= 0)
    notes.note('out-of-order', about, `${streamId} was decided after ${last}`);
  else replay.streamId = streamId;
};

const unaccountedFor = (
  { position, streamId, decidedAtMs, judgedAtMs = 0 }: JournalEntry,
  { progress }: AuditedPartition,
): string | undefined => {
  if (position > progress.position)
    return `at position ${position}, and its partition at ${progress.position}`;
  if (streamId && compareStreamIds(streamId, progress.watermark) > 0)
    return `${streamId} is decided, and the watermark is ${progress.watermark}`;
  if (judgedAtMs > progress.judgedMs)
    return `judged at ${judgedAtMs}, and its partition until ${progress.judgedMs}`;
  return decidedAtMs > progress.clockMs
    ? `decided at ${decidedAtMs}, and its partition's clock is ${progress.clockMs}`
    : undefined;
};
