import type { Batch, CommitVerdict, Progress } from '../contract.ts';
import { pauseAfter, type RetryDeps } from '../database/retry-pause.ts';
import type { Sessions } from '../database/session-pool.ts';
import { lockPartition, type PartitionState } from '../rows/partition-state.ts';

export interface CommitPort extends RetryDeps {
  readonly sessions: Sessions;
  /** How long to look up the outcome of a commit whose reply was lost. */
  readonly settleMs: number;
  /** Called for each collision with another transaction that is tried again. */
  readonly onConflict?: () => void;
}

/**
 * Finds out whether a batch whose COMMIT got no answer was applied. It uses a new connection and a locking read: the lost
 * transaction holds the partition's row until it has ended one way or the other, so a locking read of the row sees the outcome.
 *
 * When that cannot be found out in time the verdict is "retry", which is safe: if the batch was applied, the position has
 * moved, so the same batch matches no row and comes back "fenced". The caller then drops its state, claims again and goes on
 * from the progress that the claim reads. The batch is never applied twice.
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

/** `before` is compared first: where both are equal, the batch moves nothing, and applying it again changes nothing either. */
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
