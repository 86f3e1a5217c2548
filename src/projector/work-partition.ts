import type { Lease, PartitionWorker, Work, WorkEnd } from '../lease/contract.ts';
import { backoffMs } from '../shared/backoff.ts';
import { ClaimElsewhere } from '../store/contract.ts';
import { renewFullBoards } from './boards.ts';
import type { ProjectorDependencies } from './dependencies.ts';
import { maintain, newMaintenanceTimes, untilBeatMs } from './maintain.ts';
import { type Memory, newMemory } from './memory.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { takeOver } from './take-over.ts';
import { newTurns, type TakeTurn } from './turns.ts';
import type { Verdict } from './verdict.ts';

const idleWaitMsMax = 500;
export const retryPauses = { first: 20, last: 1_000 };

/**
 * Works the partitions whose leases we hold: claims each in the database, then takes turns with it until something ends that
 * partition's work. All partitions of a process take turns together (turns.ts).
 */
export const partitionWorker = (dependencies: ProjectorDependencies): PartitionWorker => {
  const memory = newMemory();
  const takeTurn = newTurns(dependencies);
  return (lease, isHeld) => {
    const stopping = new AbortController();
    const progress = { lastMs: dependencies.clock.monotonicMs() };
    const given = { lease, isHeld, signal: stopping.signal, progress, memory, takeTurn };
    return {
      ended: work(dependencies, given),
      stop: () => stopping.abort(),
      lastProgressMs: () => progress.lastMs,
    } satisfies Work;
  };
};

interface WorkUnderLease {
  readonly lease: Lease;
  readonly isHeld: () => boolean;
  readonly signal: AbortSignal;
  readonly progress: { lastMs: number };
  readonly memory: Memory;
  readonly takeTurn: TakeTurn;
}

/** Works until something ends it, and publishes what is committed before it returns. */
const work = async (dependencies: ProjectorDependencies, given: WorkUnderLease): Promise<WorkEnd> => {
  const state: WorkState = { owned: undefined };
  const ended = new AbortController();
  const owned = () => (given.isHeld() ? state.owned : undefined);
  void renewFullBoards({ clock: dependencies.clock, owned }, ended.signal);
  try {
    const end = await runLoop(dependencies, given, state);
    await state.owned?.published;
    return end;
  } finally {
    ended.abort();
    if (state.owned) given.memory.close(state.owned.ledgers, state.owned.customers);
  }
};

/** The partition, once it is taken over. */
interface WorkState {
  owned: OwnedPartition | undefined;
}

/** The main loop. External errors are retried with backoff; any other outcome ends the work on this partition. */
const runLoop = async (
  dependencies: ProjectorDependencies,
  { lease, isHeld, signal, progress, memory, takeTurn }: WorkUnderLease,
  state: WorkState,
): Promise<WorkEnd> => {
  const { clock, logger } = dependencies;
  const lastMs = newMaintenanceTimes();
  let failures = 0;
  while (!signal.aborted && isHeld()) {
    const verdict = await attempt(async () => {
      if (!state.owned) {
        const taken = await takeOver(dependencies, lease, memory);
        if ('type' in taken) return taken;
        state.owned = taken;
      }
      const kept = await maintain(state.owned, lastMs);
      if (kept.type !== 'kept') return kept;
      return await takeTurn(state.owned);
    });
    if (verdict.type === 'retry') {
      failures += 1;
      const { error: err, undone = 'batch not committed' } = verdict;
      if (state.owned && !verdict.undone) invalidate(state.owned);
      logger.warn({ partition: lease.partition, err, failures }, `${undone}, trying again`);
      await clock.sleep(backoffMs(failures, retryPauses, dependencies.random), signal);
      continue;
    }
    failures = 0;
    progress.lastMs = clock.monotonicMs();
    if (verdict.type === 'idle' && state.owned) await idle(state.owned, verdict, signal);
    const end = endAfter(verdict);
    if (end) return announceEnd(dependencies, lease, verdict, end);
  }
  // The process was paused or cut off for longer than the lease. The next owner's claim keeps our open batch from committing.
  if (!signal.aborted)
    logger.warn({ partition: lease.partition }, 'fenced: the lease ran out before it was renewed');
  return 'left';
};

/** After an error in a step, neither the position of the group nor the boards can be relied on. */
const invalidate = (owned: OwnedPartition): void => {
  owned.reset = true;
  owned.boardsComplete = false;
};

const attempt = async (turn: () => Promise<Verdict>): Promise<Verdict> => {
  try {
    return await turn();
  } catch (error) {
    if (error instanceof ClaimElsewhere) return { type: 'fenced' };
    return { type: 'retry', error: error instanceof Error ? error : new Error(String(error)) };
  }
};

const idle = async (
  owned: OwnedPartition,
  verdict: Verdict & { type: 'idle' },
  signal: AbortSignal,
): Promise<void> => {
  const { log, partition, clock } = owned;
  const timeoutMs = untilBeatMs(clock.monotonicMs(), idleWaitMsMax);
  try {
    await log.waitForEntries({ partition, after: verdict.after, timeoutMs, signal });
  } catch {
    // The next read meets the same error and reports it.
    owned.reset = true;
    await clock.sleep(retryPauses.first, signal);
  }
};

const endAfter = (verdict: Verdict): WorkEnd | undefined => {
  switch (verdict.type) {
    case 'fenced':
      return 'fenced';
    case 'lease-lost':
      return 'left';
    case 'newer':
      return 'unable';
    case 'another-database':
      return 'elsewhere';
    case 'committed':
    case 'halved':
    case 'idle':
    case 'retry':
      return undefined;
  }
};

const announceEnd = (
  { logger }: ProjectorDependencies,
  { partition }: Lease,
  verdict: Verdict,
  end: WorkEnd,
): WorkEnd => {
  if (verdict.type === 'newer') {
    const { version } = verdict;
    logger.error({ partition, version }, `an entry has codec version ${version}: upgrade projectors first`);
  }
  if (verdict.type === 'fenced')
    logger.warn(
      { partition },
      'fenced: another projector claimed the partition, or the database went back or is another server',
    );
  if (verdict.type === 'another-database')
    logger.error(
      { partition },
      'two-databases: this partition is worked from another database; nothing of it is read or written here until that ends',
    );
  if (verdict.type === 'lease-lost') logger.warn({ partition }, 'lease lost to another projector');
  return end;
};
