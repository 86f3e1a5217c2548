import type { Reservation } from '../domain/reservation.ts';
import type { Judgement } from './judgements.ts';
import type { OwnedPartition } from './owned-partition.ts';
import type { Verdict } from './verdict.ts';

/** How the next batch is tried, by what the database refused of the ones before. */
export interface Attempt {
  /** Judgements in it, at most. */
  readonly max: number;
  /** How often its one judgement was refused. */
  readonly refusals: number;
  /** Why its one entry is to be parked, if it is. */
  readonly refusedBecause?: string;
}

export const firstAttempt = (batchMax: number): Attempt => ({ max: batchMax, refusals: 0 });

/** Twice as many after each batch that went through: what was refused lies behind it, as a rule. */
export const attemptAfterCommit = ({ attempt, settings: { batchMax } }: OwnedPartition): Attempt =>
  attempt.max === batchMax && attempt.refusals === 0
    ? attempt
    : firstAttempt(Math.min(batchMax, attempt.max * 2));

/**
 * Finds the judgement the database refuses by halving, so that everything before and behind it is decided in order. One
 * that stands alone is tried once more, because what we remember may be what was wrong; then an entry is parked, and a
 * hold is left as it is: it is nobody's request, and no entry may be parked for it.
 */
export const afterRefusal = (
  owned: OwnedPartition,
  judgements: readonly Judgement[],
  error: Error,
): Verdict => {
  owned.ledgers.clear();
  owned.customers.clear();
  const [alone, another] = judgements;
  if (!alone || another) {
    owned.attempt = firstAttempt(Math.ceil(judgements.length / 2));
    return halved;
  }
  const refusals = owned.attempt.refusals + 1;
  logRefusal(owned, alone, { error, refusals });
  if (refusals === 1) owned.attempt = { max: 1, refusals };
  else if (alone.type === 'lapse') leaveStuck(owned, alone.hold);
  else if (refusals === 2) owned.attempt = { max: 1, refusals, refusedBecause: `refused: ${error.message}` };
  else return { type: 'retry', error };
  return halved;
};

const halved: Verdict = { type: 'halved' };

/** For as long as the partition is ours; whoever takes it over tries again. */
const leaveStuck = (owned: OwnedPartition, { id }: Reservation): void => {
  owned.stuckHolds.add(id);
  owned.attempt = firstAttempt(1);
};

const logRefusal = (
  { logger, partition }: OwnedPartition,
  judgement: Judgement,
  { error, refusals }: { readonly error: Error; readonly refusals: number },
): void => {
  const what =
    judgement.type === 'entry' ? { streamId: judgement.entry.streamId } : { hold: judgement.hold.id };
  logger.warn({ partition, ...what, err: error, refusals }, `${judgement.type} refused by the database`);
};
