import type { RequestId } from '../domain/ids.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { KnownRequest } from '../store/contract.ts';
import { type DecidedBatch, decideBatch } from './decide-batch.ts';
import { dueHolds } from './due-holds.ts';
import { type Agenda, inOrderOfTime, type Judgement, judgedTime } from './judgements.ts';
import { type LookUp, loadSituation } from './load-situation.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** A batch, with the decisions that its duplicates had already. */
export interface Decided {
  readonly batch: DecidedBatch;
  readonly judgements: readonly Judgement[];
  readonly known: ReadonlyMap<RequestId, KnownRequest>;
  /** Entries that did not fit in. */
  readonly left: readonly ReadEntry[];
}

export interface Deciding {
  readonly entries: readonly ReadEntry[];
  /** Redis TIME of the read. */
  readonly nowMs: number;
  /** Without entries: holds that are due by then lapse. */
  readonly lapseUntilMs: number;
  /** Judgements at most. */
  readonly max: number;
  readonly lookUp?: LookUp;
  /** The batch in front of these entries, while it is being committed. */
  readonly behind?: DecidedBatch;
  readonly refusedBecause?: string | undefined;
}

/**
 * Finds the holds that lapse among the entries, loads what both depend on, and decides them on what is committed, or will
 * be with the batch in front.
 */
export const decideEntries = async (owned: OwnedPartition, deciding: Deciding): Promise<Decided> => {
  const { nowMs, lookUp = 'late-ones', behind, refusedBecause } = deciding;
  const before = behind?.after ?? owned.progress;
  const { judgements, left } = await nextJudgements(owned, deciding);
  const situation = await loadSituation(owned, judgements, { lookUp, ...(behind && { behind }) });
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
  { entries, lapseUntilMs, max, behind }: Deciding,
): Promise<Agenda> => {
  const { judgedMs } = behind?.after ?? owned.progress;
  const last = entries.at(-1);
  const untilMs = last ? judgedTime(last, judgedMs) : lapseUntilMs;
  return inOrderOfTime({ entries, due: await dueHolds(owned, untilMs, behind), judgedMs, max });
};
