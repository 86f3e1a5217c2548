import type { Batch, CommitVerdict, PartitionStore } from './contract.ts';
import { asError } from './database-error.ts';

/** Decisions in one transaction, unless a single batch has more. */
const decisionsMax = 2_000;
/** A transaction with more decisions takes so long that another one may go beside it. */
const smallMax = 256;

export interface GroupCommitPort {
  /** Verdicts in the order of the batches; undefined when nothing was applied and each is to be committed alone. */
  readonly together: (batches: readonly Batch[]) => Promise<readonly CommitVerdict[] | undefined>;
  readonly alone: (batch: Batch) => Promise<CommitVerdict>;
}

interface Waiting {
  readonly batch: Batch;
  readonly settle: (verdict: CommitVerdict | Promise<CommitVerdict>) => void;
}

type Group = readonly Waiting[];

/**
 * One transaction for the batches that several partitions of this process have ready at a time: it costs the database
 * much the same whatever is in it. Nobody is waited for: a batch that comes while others commit goes with the next.
 */
export const newGroupCommit = ({ together, alone }: GroupCommitPort): PartitionStore['commit'] => {
  // An owner commits one batch after the other, so there are no more of them than partitions.
  let waiting: Group = [];
  const running = new Set<Group>();

  const begin = (): void => {
    if (waiting.length === 0 || !hasRoom(running)) return;
    const group = nextGroup(waiting);
    waiting = waiting.filter((one) => !group.includes(one));
    running.add(group);
    void settleGroup(group).finally(() => {
      running.delete(group);
      begin();
    });
    begin();
  };

  const settleGroup = async (group: Group): Promise<void> => {
    const [only] = group;
    if (only && group.length === 1) {
      const verdict = alone(only.batch);
      only.settle(verdict);
      return void (await Promise.allSettled([verdict]));
    }
    const verdicts = await together(group.map(({ batch }) => batch)).catch((error: unknown) =>
      group.map(() => retry(error)),
    );
    // Whoever stands in the way keeps nobody else waiting from here on.
    for (const [n, { batch, settle }] of group.entries()) settle(verdicts?.[n] ?? alone(batch));
  };

  return (batch) =>
    new Promise((settle) => {
      waiting = [...waiting, { batch, settle }];
      begin();
    });
};

const retry = (error: unknown): CommitVerdict => ({ type: 'retry', error: asError(error) });

const hasRoom = (running: ReadonlySet<Group>): boolean => {
  const [first, second] = running;
  return second === undefined && (first === undefined || decisionsIn(first) > smallMax);
};

const decisionsIn = (group: Group): number => group.reduce((sum, { batch }) => sum + batch.entries.length, 0);

/** The first that came and those that fit behind it, one a partition, in the order in which all lock their rows. */
const nextGroup = (waiting: Group): Group => {
  const group = new Map<number, Waiting>();
  let decisions = 0;
  for (const one of waiting) {
    const { claim, entries } = one.batch;
    decisions += entries.length;
    if (group.size > 0 && decisions > decisionsMax) break;
    if (!group.has(claim.partition)) group.set(claim.partition, one);
  }
  return [...group.values()].toSorted((a, b) => a.batch.claim.partition - b.batch.claim.partition);
};
