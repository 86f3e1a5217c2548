import type { ReadEntry } from '../log/contract.ts';
import type { DecidedBatch, Settlement } from './decide/batch.ts';
import { decideBatch } from './decide/decide-batch.ts';
import { inOrderOfTime, type JudgementOrder, judgedTime } from './decide/judgements.ts';
import { dueHolds } from './due-holds.ts';
import { type DuplicateCheck, loadSituation } from './load-situation.ts';
import type { OwnedPartition } from './owned-partition.ts';

export interface DecideInput {
  readonly entries: readonly ReadEntry[];
  /** Redis TIME of the read. */
  readonly nowMs: number;
  /** When there are no entries, holds that are due by then lapse. */
  readonly lapseUntilMs: number;
  /** Limit of the judgements in the batch. */
  readonly max: number;
  readonly duplicateCheck?: DuplicateCheck;
  /** The batch that is being committed before these entries. */
  readonly base?: DecidedBatch;
  readonly refusedBecause?: string | undefined;
}

/**
 * Finds the holds that lapse among the entries, loads the rows that both need, and decides them. Decides on the committed
 * state, or on the state that `base` leads to.
 */
export const decideEntries = async (owned: OwnedPartition, input: DecideInput): Promise<Settlement> => {
  const { nowMs, duplicateCheck = 'late-ones', base, refusedBecause } = input;
  const before = base?.after ?? owned.progress;
  const { judgements, left } = await nextJudgements(owned, input);
  const situation = await loadSituation(owned, judgements, { duplicateCheck, ...(base && { base }) });
  const batch = decideBatch({
    ...situation,
    partition: owned.partition,
    judgements,
    known: new Set(situation.known.keys()),
    before,
    nowMs,
    ...(refusedBecause !== undefined && { refusedBecause }),
  });
  return { batch, judgements, known: situation.known, left };
};

const nextJudgements = async (
  owned: OwnedPartition,
  { entries, lapseUntilMs, max, base }: DecideInput,
): Promise<JudgementOrder> => {
  const { judgedMs } = base?.after ?? owned.progress;
  const last = entries.at(-1);
  const untilMs = last ? judgedTime(last, judgedMs) : lapseUntilMs;
  return inOrderOfTime({ entries, due: await dueHolds(owned, untilMs, base), judgedMs, max });
};
