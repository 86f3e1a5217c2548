import type { Batch, CommitVerdict, Progress } from '../contract.ts';
import { pauseAfter, type RetryDeps } from '../database/retry-pause.ts';
import type { Sessions } from '../database/session-pool.ts';
import { lockPartition, type PartitionState } from '../rows/partition-state.ts';

export interface CommitPort extends RetryDeps {
  readonly sessions: Sessions;
  /** How long to ask what became of a commit whose reply was lost. */
  readonly settleMs: number;
  /** Told of each collision with another transaction that is tried again. */
  readonly onConflict?: () => void;
}

/**
 * What became of a batch whose COMMIT got no answer. Asked on a new connection, with a locking read: the lost
 * transaction holds the partition's row until it has ended one way or the other, so whoever reads the row locked
 * reads the outcome.
 *
 * When it cannot be found out in time the verdict is "retry", which is safe: had the batch been applied, the position
 * has moved, so the same batch matches no row and comes back "fenced"; the caller then drops its state, claims again
 * and goes on from the progress that the claim reads. Applied twice it is never.
 */
export const settleLostCommit = async (
  port: CommitPort,
  batch: Batch,
  error: Error,
): Promise<CommitVerdict> => {
  const deadline = port.clock.monotonicMs() + port.settleMs;
  for (let tries = 1; port.clock.monotonicMs() < deadline; tries += 1) {
    try {
      return outcomeOf(await readLocked(port, batch.claim.partition), batch, error);
    } catch {
      // The database is still away, or the lost transaction has not ended: the deadline decides.
      await pauseAfter(port, tries);
    }
  }
  return { type: 'retry', error };
};

const readLocked = async (
  { sessions }: CommitPort,
  partition: number,
): Promise<PartitionState | undefined> => {
  const session = await sessions.open();
  try {
    await session.run('START TRANSACTION');
    return await lockPartition(session, partition);
  } finally {
    // Closing it ends the transaction, which changed nothing.
    session.destroy();
  }
};

/** `before` is compared first: where a batch moves nothing, applying it again changes nothing either. */
const outcomeOf = (
  state: PartitionState | undefined,
  { claim, before, after }: Batch,
  error: Error,
): CommitVerdict => {
  if (state?.token !== claim.token || state.epoch !== claim.epoch) return { type: 'fenced' };
  if (standsAt(state.progress, before)) return { type: 'retry', error };
  return standsAt(state.progress, after) ? { type: 'committed' } : { type: 'fenced' };
};

const standsAt = (a: Progress, b: Progress): boolean =>
  a.position === b.position &&
  a.watermark === b.watermark &&
  a.clockMs === b.clockMs &&
  a.judgedMs === b.judgedMs;
