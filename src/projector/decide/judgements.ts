import type { Reservation } from '../../domain/reservation.ts';
import { msOf } from '../../domain/stream-id.ts';
import type { ReadEntry } from '../../log/contract.ts';

/** One item that a batch judges, and the time it is judged at (ms): an entry, or a hold that is due by then. */
export type Judgement =
  | { readonly type: 'entry'; readonly judgedAtMs: number; readonly entry: ReadEntry }
  | { readonly type: 'lapse'; readonly judgedAtMs: number; readonly hold: Reservation };

/** Holds that are due, ordered by expiry and id. */
export interface DueHolds {
  readonly holds: readonly Reservation[];
  /** Every due hold that expires before this (ms) is in the list; infinite when none was left out. */
  readonly completeBeforeMs: number;
}

export const noDueHolds: DueHolds = { holds: [], completeBeforeMs: Number.POSITIVE_INFINITY };

export interface JudgementInput {
  /** In the order of the stream. */
  readonly entries: readonly ReadEntry[];
  readonly due: DueHolds;
  /** The latest time that anything was judged at before. */
  readonly judgedMs: number;
  /** Limit of the judgements. */
  readonly max: number;
}

export interface JudgementOrder {
  readonly judgements: readonly Judgement[];
  /** Entries left for the next batch. */
  readonly left: readonly ReadEntry[];
}

/** An entry is judged at the time of its arrival, but never before the time judged last: judged time does not go back. */
export const judgedTime = (entry: Pick<ReadEntry, 'streamId'>, judgedMs: number): number =>
  Math.max(msOf(entry.streamId), judgedMs);

/**
 * Entries and due holds in one order of time. A hold lapses before the first entry that arrived at its expiry or later, so
 * an entry that arrived before the expiry finds the hold alive, however late it is decided. Ends when the batch is full, or
 * before an entry when `due` may lack holds that are due before it.
 */
export const inOrderOfTime = ({ entries, due, judgedMs, max }: JudgementInput): JudgementOrder => {
  const judgements: Judgement[] = [];
  let judgedAtMs = judgedMs;
  let next = 0;
  const lapseUntil = (untilMs: number): void => {
    for (; judgements.length < max; next += 1) {
      const hold = due.holds[next];
      if (hold?.expiresAtMs === undefined || hold.expiresAtMs > untilMs) return;
      judgedAtMs = Math.max(judgedAtMs, hold.expiresAtMs);
      judgements.push({ type: 'lapse', judgedAtMs, hold });
    }
  };
  for (const [index, entry] of entries.entries()) {
    const arrivedAtMs = judgedTime(entry, judgedAtMs);
    lapseUntil(arrivedAtMs);
    if (judgements.length >= max || arrivedAtMs >= due.completeBeforeMs)
      return { judgements, left: entries.slice(index) };
    judgedAtMs = arrivedAtMs;
    judgements.push({ type: 'entry', judgedAtMs, entry });
  }
  if (entries.length === 0) lapseUntil(Number.POSITIVE_INFINITY);
  return { judgements, left: [] };
};
