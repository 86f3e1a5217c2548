import { isRaised, type JournalEntry } from '../../domain/decisions.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { msOf } from '../../domain/stream-id.ts';
import type { AuditedPartition } from '../contract.ts';
import { fallDue, overAt } from '../state/live-holds.ts';
import type { Notes } from '../state/notes.ts';
import type { Replay } from '../state/replay.ts';

interface Context {
  readonly notes: Notes;
  readonly audited: AuditedPartition;
  /** The reservation of the entry, as it was before the entry. */
  readonly reservation: Reservation | undefined;
}

/**
 * Runs before the entry is replayed: was it judged by its own moment, and had everything lapsed that was due
 * by then? Rows of older builds lack the time that they were judged by. They followed another rule:
 * everything lapsed first that was due when the decision was made.
 */
export const judgeTime = (replay: Replay, entry: JournalEntry, beside: Context): void => {
  const { judgedAtMs, position, requestId } = entry;
  if (judgedAtMs === undefined) return judgeByDecision(replay, entry, beside);
  const { notes, audited, reservation } = beside;
  const about = requestId ?? reservation?.id ?? `position ${position} of partition ${audited.partition}`;
  for (const what of faultsOf(replay, { ...entry, judgedAtMs }, beside)) notes.note('untimely', about, what);
  replay.judgedAtMs = Math.max(replay.judgedAtMs, judgedAtMs);
  judgeDue(replay, { ...entry, judgedAtMs }, beside);
};

const judgeByDecision = (
  replay: Replay,
  { decidedAtMs, position, streamId, late, decision }: JournalEntry,
  { notes, reservation }: Context,
): void => {
  fallDue(replay.holds, overAt(decidedAtMs));
  if (streamId && !late) replay.judgedAtMs = Math.max(replay.judgedAtMs, msOf(streamId));
  const { expiresAtMs = 0, id } = reservation ?? {};
  if (decision.type === 'HoldExpired' && id && decidedAtMs < expiresAtMs)
    notes.note('untimely', id, `lapsed at position ${position} at ${decidedAtMs}, due at ${expiresAtMs}`);
};

type JudgedEntry = JournalEntry & { readonly judgedAtMs: number };

const faultsOf = (
  { judgedAtMs: beforeMs }: Replay,
  entry: JudgedEntry,
  { audited, reservation }: Context,
): readonly string[] => {
  const { judgedAtMs, decidedAtMs, position, streamId, decision } = entry;
  const judged = `judged at ${judgedAtMs} at position ${position}`;
  const { wentBack, clockWentBack } = audited;
  const dueMs = decision.type === 'HoldExpired' ? reservation?.expiresAtMs : undefined;
  return [
    judgedAtMs < beforeMs && `${judged}, behind what was judged at ${beforeMs}`,
    streamId && judgedAtMs < msOf(streamId) && `${judged}, before it arrived with ${streamId}`,
    wentBack === false &&
      clockWentBack === false &&
      isRaised(entry) &&
      `${judged}, not by its ${streamId}, though the stream never went back`,
    decidedAtMs < judgedAtMs && `${judged}, and decided at ${decidedAtMs}`,
    dueMs !== undefined && judgedAtMs < dueMs && `${judged}, before the hold was due at ${dueMs}`,
  ].filter((fault) => typeof fault === 'string');
};

/**
 * Notes every hold that was due before this entry and has not lapsed. Of holds that are due at the same
 * moment, the lower id lapses first.
 */
const judgeDue = ({ holds }: Replay, entry: JudgedEntry, { notes, reservation }: Context): void => {
  const { judgedAtMs, position, decision } = entry;
  const isLapse = decision.type === 'HoldExpired' && reservation?.expiresAtMs !== undefined;
  const before = isLapse ? { id: reservation.id, expiresAtMs: reservation.expiresAtMs } : overAt(judgedAtMs);
  for (const { id, expiresAtMs } of fallDue(holds, before))
    notes.note(
      'untimely',
      id,
      `due at ${expiresAtMs}, and had not lapsed when position ${position} was judged at ${judgedAtMs}`,
    );
};
