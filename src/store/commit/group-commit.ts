import type { Clock } from '../../domain/ports.ts';
import type { Batch, CommitVerdict, PartitionStore } from '../contract.ts';

/** How much goes into one transaction, unless a single batch has more. */
const groupMax = { entries: 2_000, partitions: 16 };
/** After this long the next group starts even if this transaction is still running; it only holds locks of its own partitions. */
const turnMsMax = 50;

export interface GroupCommitPort {
  readonly clock: Clock;
  /** Verdicts in the order of the batches; undefined when nothing was applied and each is to be committed alone. */
  readonly together: (batches: readonly Batch[]) => Promise<readonly CommitVerdict[] | undefined>;
  readonly alone: (batch: Batch) => Promise<CommitVerdict>;
}

interface QueuedBatch {
  readonly batch: Batch;
  readonly settle: (verdict: CommitVerdict | Promise<CommitVerdict>) => void;
  readonly fail: (error: unknown) => void;
}

type Group = readonly QueuedBatch[];

/**
 * Commits the batches that several partitions of this process have ready at the same time in one transaction, because a
 * transaction costs the database about the same whatever is in it. A batch that comes alone is committed at once. One that
 * comes while others commit goes with the next group.
 */
export const newGroupCommit = ({ clock, together, alone }: GroupCommitPort): PartitionStore['commit'] => {
  // An owner commits one batch after the other, so there are no more of them than partitions.
  let waiting: Group = [];
  let isTurnTaken = false;

  const takeTurns = async (): Promise<void> => {
    if (isTurnTaken) return;
    isTurnTaken = true;
    try {
      while (waiting.length > 0) {
        const group = nextGroup(waiting);
        waiting = waiting.filter((one) => !group.includes(one));
        await takeTurn(group);
      }
    } finally {
      // All partitions share this turn: if it were not released, no partition would ever commit again, and nothing would say so.
      isTurnTaken = false;
    }
  };

  const takeTurn = async (group: Group): Promise<void> => {
    const settling = settleGroup(group);
    try {
      await Promise.race([settling, clock.sleep(turnMsMax)]);
    } catch {
      // The sleep failed, so there is no time limit: wait for the transaction.
      await settling;
    }
  };

  /** Never rejects: an error goes to the caller whose batch it is about. */
  const settleGroup = async (group: Group): Promise<void> => {
    const verdicts = group.length > 1 ? await verdictsOn(group) : undefined;
    const settling = group.map(async ({ batch, settle, fail }, n) => {
      try {
        const verdict = verdicts?.[n] ?? alone(batch);
        settle(verdict);
        await verdict;
      } catch (error) {
        fail(error);
      }
    });
    await Promise.all(settling);
  };

  const verdictsOn = async (group: Group): Promise<readonly CommitVerdict[] | undefined> => {
    try {
      return await together(group.map(({ batch }) => batch));
    } catch {
      return undefined;
    }
  };

  return (batch) =>
    new Promise((settle, fail) => {
      waiting = [...waiting, { batch, settle, fail }];
      void takeTurns();
    });
};

/** The first batch in the queue and those that fit after it, at most one a partition, in the order in which rows are locked. */
const nextGroup = (waiting: Group): Group => {
  const group = new Map<number, QueuedBatch>();
  let entries = 0;
  for (const one of waiting) {
    const { claim, entries: decided, parked } = one.batch;
    entries += decided.length + parked.length;
    if (group.size > 0 && (entries > groupMax.entries || group.size === groupMax.partitions)) break;
    if (!group.has(claim.partition)) group.set(claim.partition, one);
  }
  return [...group.values()].toSorted((a, b) => a.batch.claim.partition - b.batch.claim.partition);
};
