import type { Reservation } from '../../src/domain/reservation.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { inOrderOfTime, type Judgement } from '../../src/projector/decide/judgements.ts';

interface JudgedBatch {
  readonly entries: readonly ReadEntry[];
  readonly judgedMs: number;
  /** In order of expiry and id. Those due by the last entry lapse, or all of them if there are no entries. */
  readonly due?: readonly Reservation[];
}

/** The whole batch in order of time, whatever its size. */
export const judged = ({ entries, judgedMs, due = [] }: JudgedBatch): readonly Judgement[] => {
  const everything = { holds: due, completeBeforeMs: Number.POSITIVE_INFINITY };
  return inOrderOfTime({ entries, due: everything, judgedMs, max: Number.POSITIVE_INFINITY }).judgements;
};
