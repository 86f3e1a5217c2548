import type { Batch, CommitVerdict } from '../contract.ts';
import { asError, failureOf } from '../database/database-error.ts';
import { pauseAfter } from '../database/retry-pause.ts';
import { CommitUnknown, inTransaction } from '../database/transaction.ts';
import { type ApplyResult, applyBatches } from './apply-batches.ts';
import type { ParkedGuard } from './parked-guard.ts';
import { type CommitPort, settleLostCommit } from './settle-lost-commit.ts';

const TRIES_MAX = 5;

export interface BatchesPort extends CommitPort {
  readonly guard: ParkedGuard;
}

/**
 * Commits batches of different partitions in one transaction, all of them or none. Resolves to one verdict a batch, in their
 * order. Undefined when nothing was applied, for whatever reason: the caller then commits each batch alone.
 */
export const commitTogether = async (
  port: BatchesPort,
  batches: readonly Batch[],
): Promise<readonly CommitVerdict[] | undefined> => {
  try {
    const applied = await apply(port, batches);
    return applied.type === 'applied' ? batches.map(() => committed) : undefined;
  } catch (error) {
    if (error instanceof CommitUnknown)
      return await Promise.all(batches.map((batch) => settleLostCommit(port, batch, error)));
    if (failureOf(error) === 'conflict') port.onConflict?.();
    return undefined;
  }
};

/**
 * Commits a batch whole or not at all. After a collision with another transaction it tries again a few times: the server has
 * rolled everything back, and the first statement checks the claim again.
 */
export const commitAlone = async (port: BatchesPort, batch: Batch): Promise<CommitVerdict> => {
  for (let tries = 1; ; tries += 1) {
    try {
      const applied = await apply(port, [batch]);
      return applied.type === 'applied' ? committed : applied;
    } catch (error) {
      if (error instanceof CommitUnknown) return settleLostCommit(port, batch, error);
      if (failureOf(error) !== 'conflict' || tries >= TRIES_MAX)
        return { type: 'retry', error: asError(error) };
      port.onConflict?.();
      await pauseAfter(port, tries);
    }
  }
};

const committed: CommitVerdict = { type: 'committed' };

const apply = ({ sessions, guard }: BatchesPort, batches: readonly Batch[]): Promise<ApplyResult> => {
  for (const batch of batches) guard.note(batch);
  return inTransaction(sessions, (session) => applyBatches(session, batches, guard));
};
