import { type Applied, applyBatch } from './apply-batch.ts';
import type { Batch, CommitVerdict } from './contract.ts';
import { asError, failureOf } from './database-error.ts';
import type { ParkedGuard } from './parked-guard.ts';
import { type CommitPort, settleLostCommit } from './settle-lost-commit.ts';
import { CommitUnknown, inTransaction } from './transaction.ts';
import { pauseAfter } from './try-again.ts';

const TRIES_MAX = 5;

/**
 * Commits a batch whole or not at all. A collision with another transaction is tried again here a few times: the
 * server has rolled everything back, and the first statement asks again whether the claim still stands.
 */
export const commitBatch = async (
  { guard, ...port }: CommitPort & { readonly guard: ParkedGuard },
  batch: Batch,
): Promise<CommitVerdict> => {
  guard.note(batch);
  for (let tries = 1; ; tries += 1) {
    try {
      const applied = await inTransaction(port.sessions, (session) => applyBatch(session, batch, guard));
      return verdictOf(applied);
    } catch (error) {
      if (error instanceof CommitUnknown) return settleLostCommit(port, batch, error);
      if (failureOf(error) !== 'conflict' || tries >= TRIES_MAX)
        return { type: 'retry', error: asError(error) };
      port.onConflict?.();
      await pauseAfter(port, tries);
    }
  }
};

const verdictOf = (applied: Applied): CommitVerdict =>
  applied.type === 'applied' ? { type: 'committed' } : applied;
