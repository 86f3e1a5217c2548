import { randomBytes } from 'node:crypto';
import type { ClaimVerdict, CompareClaim } from '../contract.ts';
import { loadSql } from '../database/load-sql.ts';
import { pauseAfter, type RetryDeps } from '../database/retry-pause.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { type Ending, inTransaction } from '../database/transaction.ts';
import { lockPartition, type PartitionState } from '../rows/partition-state.ts';

const claimPartition = loadSql('commit/claim-partition');
const createPartitions = loadSql('setup/create-partitions');

export interface ClaimPort extends RetryDeps {
  readonly sessions: Sessions;
  /** How long a predecessor's open transaction may keep us waiting. */
  readonly claimMs: number;
}

export interface ClaimRequest {
  readonly partition: number;
  readonly owner: string;
  readonly compare: CompareClaim;
}

/**
 * Takes the partition from its present owner. Waits for a transaction that the predecessor may have open: it ends by itself,
 * or the server ends it when the session's time limit for silence is over. Tries again until it succeeds or time is up, also
 * when the reply to its own commit was lost: claiming twice only raises the epoch once more.
 *
 * Compares before it commits. The row is locked meanwhile: of two that claim in quick succession, the second compares with the
 * claim of the first. A process that dies between comparing and its commit has changed nothing.
 */
export const claim = async (port: ClaimPort, claiming: ClaimRequest): Promise<ClaimVerdict> => {
  const deadline = port.clock.monotonicMs() + port.claimMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(port.sessions, (session) => raise(port, session, claiming));
    } catch (error) {
      if (port.clock.monotonicMs() >= deadline) throw error;
      await pauseAfter(port, tries);
    }
  }
};

const raise = async (
  { clock }: ClaimPort,
  session: Session,
  { partition, owner, compare }: ClaimRequest,
): Promise<Ending<ClaimVerdict>> => {
  const { epoch: last, token: before, progress } = await lockOrCreate(session, partition);
  const epoch = last + 1;
  const token = randomBytes(16);
  const next = { partition, epoch, token: token.toString('hex'), server: session.home };
  const compared = await compare(before, next);
  if (compared !== 'same') return { end: 'rollback', value: { type: compared } };
  // For operators only: no decision depends on the time of a claim.
  const now = String(clock.nowMs());
  await session.change(claimPartition, [String(epoch), token, owner.slice(0, 255), now, String(partition)]);
  return { end: 'commit', value: { type: 'claimed', claim: next, progress } };
};

const lockOrCreate = async (session: Session, partition: number): Promise<PartitionState> => {
  const found = await lockPartition(session, partition);
  if (found) return found;
  await session.change(createPartitions, [JSON.stringify([partition])]);
  const made = await lockPartition(session, partition);
  if (made) return made;
  throw new Error(`partition ${partition} is neither there nor can it be made`);
};
