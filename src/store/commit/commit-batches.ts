import type { Batch, CommitVerdict } from '../contract.ts';
import { asError, failureOf } from '../database/database-error.ts';
import { pauseAfter } from '../database/retry-pause.ts';
import { CommitUnknown, inTransaction } from '../database/transaction.ts';
import { type ApplyResult, applyBatches } from './apply-batches.ts';
import { findStanding } from './claim-stands.ts';
import type { ParkedGuard } from './parked-guard.ts';
import { type CommitPort, settleLostCommit } from './settle-lost-commit.ts';

const TRIES_MAX = 5;

export interface BatchesPort extends CommitPort {
  readonly guard: ParkedGuard;
}

/**
 * Commits batches of different partitions in one transaction, because a transaction costs the database about the same whatever
 * is in it. One verdict a batch, in their order. When that transaction cannot be committed, only the batches that are the
 * reason are affected: fenced ones leave it and the others are committed together again; after any other failure each is
 * committed alone, all at the same time, so that one that has to wait keeps only its own verdict waiting.
 */
export const commitTogether = (
  portFor: PortFor,
  batches: readonly Batch[],
): readonly Promise<CommitVerdict>[] => {
  // All lock their rows in the same order.
  const ordered = batches.toSorted((a, b) => a.claim.partition - b.claim.partition);
  const together = tryTogether(portFor, ordered);
  return batches.map(async (batch) => {
    const verdict = (await together).get(batch);
    return verdict ?? (await commitAlone(portFor([batch]), batch));
  });
};

/** The port for batches that share a transaction. */
type PortFor = (batches: readonly Batch[]) => BatchesPort;

/** A batch without a verdict was not applied, and is to be committed alone. */
type Verdicts = ReadonlyMap<Batch, CommitVerdict | Promise<CommitVerdict>>;

/** Never rejects. */
const tryTogether = async (portFor: PortFor, batches: readonly Batch[]): Promise<Verdicts> => {
  if (batches.length < 2) return new Map();
  const port = portFor(batches);
  try {
    const applied = await apply(port, batches);
    if (applied.type === 'applied') return new Map(batches.map((batch) => [batch, committed]));
    return applied.type === 'fenced' ? await withoutFenced(portFor, batches) : new Map();
  } catch (error) {
    if (error instanceof CommitUnknown)
      return new Map(batches.map((batch) => [batch, settleLostCommit(port, batch, error)]));
    if (failureOf(error) === 'conflict') port.onConflict?.();
    return new Map();
  }
};

/** One statement names the claims that do not stand. Dropping the state of a claim is always safe. */
const withoutFenced = async (portFor: PortFor, batches: readonly Batch[]): Promise<Verdicts> => {
  const standpoints = batches.map((batch) => ({
    batch,
    claim: batch.claim,
    position: batch.before.position,
  }));
  const found = await findStanding(portFor([]).sessions, standpoints);
  const standing = standpoints.flatMap((each) => (found.has(each) ? each.batch : []));
  // The fence was short of a claim that stands again: each alone finds out what is true by now.
  if (standing.length === batches.length) return new Map();
  const verdicts = new Map<Batch, CommitVerdict | Promise<CommitVerdict>>(
    await tryTogether(portFor, standing),
  );
  for (const batch of batches) if (!standing.includes(batch)) verdicts.set(batch, fenced);
  return verdicts;
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
const fenced: CommitVerdict = { type: 'fenced' };

const apply = ({ sessions, guard }: BatchesPort, batches: readonly Batch[]): Promise<ApplyResult> => {
  for (const batch of batches) guard.note(batch);
  return inTransaction(sessions, (session) => applyBatches(session, batches, guard));
};
