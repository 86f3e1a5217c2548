import type { Reservation } from '../domain/reservation.ts';
import type { Judgement } from './decide/judgements.ts';
import type { Attempt, OwnedPartition } from './owned-partition.ts';
import type { Verdict } from './verdict.ts';

export const firstAttempt = (batchMax: number): Attempt => ({ max: batchMax, refusals: 0 });

/** Doubles the limit after each committed batch: by then the refused judgement has usually been passed. */
export const attemptAfterCommit = ({ attempt, settings: { batchMax } }: OwnedPartition): Attempt =>
  attempt.max === batchMax && attempt.refusals === 0
    ? attempt
    : firstAttempt(Math.min(batchMax, attempt.max * 2));

/**
 * Finds the judgement that the database refuses by halving the batch, so that all others are still decided in order. A
 * single judgement is tried once more, because a cached value may have been wrong. After that an entry is parked. A hold is
 * left as it is: no request made it lapse, so there is no entry to park.
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

/** The hold is skipped while we own the partition; the next owner tries again. */
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
