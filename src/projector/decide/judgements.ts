import type { Reservation } from '../../domain/reservation.ts';
import { msOf } from '../../domain/stream-id.ts';
import type { ReadEntry } from '../../log/contract.ts';

/** What a batch judges next, and as of when (ms): an entry, or a hold that is due by then. */
export type Judgement =
  | { readonly type: 'entry'; readonly judgedAtMs: number; readonly entry: ReadEntry }
  | { readonly type: 'lapse'; readonly judgedAtMs: number; readonly hold: Reservation };

/** Holds that are due, by expiry and id. */
export interface DueHolds {
  readonly holds: readonly Reservation[];
  /** All that expire before this (ms) are here; infinite where none was left behind. */
  readonly completeBeforeMs: number;
}

export const noDueHolds: DueHolds = { holds: [], completeBeforeMs: Number.POSITIVE_INFINITY };

export interface JudgementInput {
  /** In the order of the stream. */
  readonly entries: readonly ReadEntry[];
  readonly due: DueHolds;
  /** The latest moment that anything was judged at before. */
  readonly judgedMs: number;
  /** Judgements at most. */
  readonly max: number;
}

export interface JudgementOrder {
  readonly judgements: readonly Judgement[];
  /** Entries that have to wait for the next batch. */
  readonly left: readonly ReadEntry[];
}

/** An entry is judged as of its arrival, but never before what was judged already: judged time does not go back. */
export const judgedTime = (entry: Pick<ReadEntry, 'streamId'>, judgedMs: number): number =>
  Math.max(msOf(entry.streamId), judgedMs);

/**
 * Entries and due holds in one order of time: a hold lapses in front of the first entry that arrived at its expiry or
 * later, so whoever came before it finds the hold alive, however late that is decided. Ends where a batch is full, and in
 * front of an entry that holds may be due before which are not here.
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
