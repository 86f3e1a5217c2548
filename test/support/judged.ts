import type { Reservation } from '../../src/domain/reservation.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { inOrderOfTime, type Judgement } from '../../src/projector/decide/judgements.ts';

interface JudgedBatch {
  readonly entries: readonly ReadEntry[];
  readonly judgedMs: number;
  /** By expiry and id; those that are due by the last entry, or all of them where there is none, lapse. */
  readonly due?: readonly Reservation[];
}

/** All of it in the order of its time, however much it is. */
export const judged = ({ entries, judgedMs, due = [] }: JudgedBatch): readonly Judgement[] => {
  const everything = { holds: due, completeBeforeMs: Number.POSITIVE_INFINITY };
  return inOrderOfTime({ entries, due: everything, judgedMs, max: Number.POSITIVE_INFINITY }).judgements;
};
