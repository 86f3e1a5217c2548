import type { Clock } from '../../domain/ports.ts';
import type { Batch, CommitVerdict, PartitionStore } from '../contract.ts';

/** How much goes into one transaction, unless a single batch has more. */
const groupMax = { entries: 2_000, partitions: 16 };
/** A transaction that takes longer keeps nobody waiting: whatever it waits for itself is its own partitions' matter. */
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
 * One transaction for the batches that several partitions of this process have ready at a time: it costs the database
 * much the same whatever is in it. A batch that comes alone is committed at once, one that comes while others commit goes
 * with the next.
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
      // All partitions meet here: a turn that nobody gives back would be the end of every commit, without a word.
      isTurnTaken = false;
    }
  };

  const takeTurn = async (group: Group): Promise<void> => {
    const settling = settleGroup(group);
    try {
      await Promise.race([settling, clock.sleep(turnMsMax)]);
    } catch {
      // Without a clock there is no patience to lose.
      await settling;
    }
  };

  /** Never rejects: what was thrown is told to the one whose batch it was about. */
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

/** The first that came and those that fit behind it, one a partition, in the order in which all lock their rows. */
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
