import type { PartitionTask } from '../log/contract.ts';
import { ensureBoards, refreshFullBoards } from './boards.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishPending } from './publish.ts';
import type { Verdict } from './verdict.ts';

const tasks = ['claim', 'lift', 'boards', 'trim', 'purge'] as const;
type Task = (typeof tasks)[number];

/** When each task was last run, by the monotonic clock (ms). */
export type MaintenanceTimes = Record<Task, number>;

const never = Number.NEGATIVE_INFINITY;
/** The one that every installation has. */
const purgingPartition = 0;
/** Short, because the loop waits for it; with its pace enough for two thousand keys a second, day and night. */
const keysPurgedAtOnce = 2_000;
const everyMs: Readonly<Record<Task, number>> = {
  claim: 1_000,
  lift: 1_000,
  boards: 500,
  trim: 1_000,
  purge: 1_000,
};

/** A batch, the one decided ahead, and what did not fit: 2,000 each, which is the most a setting allows. */
const inFlightMax = 6_000;

export const newMaintenanceTimes = (): MaintenanceTimes => ({
  claim: never,
  lift: never,
  boards: never,
  trim: never,
  purge: never,
});

type MaintenanceVerdict = { readonly type: 'kept' } | Extract<Verdict, { type: 'fenced' | 'retry' }>;

/**
 * Periodic maintenance of an owned partition, run between steps; every task runs once at take-over. Pending outcomes are
 * published first, because publishing writes the boards that are marked complete below. The claim and the lift guard
 * promises, so nothing is decided until they succeed. The other tasks log their own errors and delay nothing.
 */
export const maintain = async (
  owned: OwnedPartition,
  lastMs: MaintenanceTimes,
): Promise<MaintenanceVerdict> => {
  const now = owned.clock.monotonicMs();
  const isDue = (task: Task): boolean => now - lastMs[task] >= everyMs[task];
  if (!owned.reset && !tasks.some(isDue)) return kept;
  await publishPending(owned);
  if (isDue('claim')) {
    const verdict = await checkClaim(owned);
    if (verdict.type !== 'kept') return verdict;
    lastMs.claim = now;
  }
  if (isDue('lift') || owned.reset) {
    const verdict = await lift(owned);
    if (verdict.type !== 'kept') return verdict;
    lastMs.lift = now;
  }
  for (const [task, run] of uncriticalTasks) {
    if (!isDue(task)) continue;
    lastMs[task] = now;
    await run(owned);
  }
  return kept;
};

const kept = { type: 'kept' } as const;

/**
 * An idle partition commits nothing, so it would otherwise never notice that it was fenced, or that the database was
 * restored to an earlier state.
 */
const checkClaim = async (owned: OwnedPartition): Promise<MaintenanceVerdict> => {
  try {
    const standing = await owned.store.stands(owned.claim, owned.progress.position);
    return standing ? await noteClaim(owned, standing.roll) : { type: 'fenced' };
  } catch (error) {
    return guardFailed('the database could not be asked whether the claim stands', error);
  }
};

/** Without a fresh note a take-over in a copy of the database would look like one in this. */
const noteClaim = async (
  { log, partition, lease, claim }: OwnedPartition,
  roll: string | undefined,
): Promise<MaintenanceVerdict> => {
  try {
    await log.noteClaim({ partition, leaseToken: lease.token, claim, roll });
    return kept;
  } catch (error) {
    return guardFailed('the claim could not be noted in Redis', error);
  }
};

const lift = async (owned: OwnedPartition): Promise<MaintenanceVerdict> => {
  try {
    if (
      (await owned.log.lift({
        ...taskOf(owned),
        judgedMs: owned.progress.judgedMs,
        inFlightMax: inFlightMax,
      })) === 'lifted'
    )
      invalidateStream(owned);
    return kept;
  } catch (error) {
    // It may have been lifted all the same, and no later call would say so.
    invalidateStream(owned);
    return guardFailed('Redis could not be asked whether the stream went back', error);
  }
};

/** The stream may be an older one: boards went with it, and entries below the watermark may come. */
const invalidateStream = (owned: OwnedPartition): void => {
  owned.reset = true;
  owned.boardsComplete = false;
};

const guardFailed = (undone: string, error: unknown): MaintenanceVerdict => ({
  type: 'retry',
  undone,
  error: error instanceof Error ? error : new Error(String(error)),
});

const taskOf = ({ partition, lease, progress }: OwnedPartition): PartitionTask => ({
  partition,
  leaseToken: lease.token,
  watermark: progress.watermark,
});

/** Never throws. */
type UncriticalTask = (owned: OwnedPartition) => Promise<void>;

const writeBoards: UncriticalTask = async (owned) => {
  await refreshFullBoards(owned);
  await ensureBoards(owned);
};

const trim: UncriticalTask = async (owned) => {
  try {
    await owned.log.trim(taskOf(owned));
  } catch (err) {
    const { logger, partition } = owned;
    logger.warn({ partition, err }, 'stream not trimmed, trying again later; it grows meanwhile');
  }
};

/**
 * Keys are of no partition. One owner purges them, because all would want the same oldest rows and wait for each
 * other's locks. While nobody owns that partition the table grows and nothing is wrong: a key that old is free anyway.
 */
const purge: UncriticalTask = async ({ partition, store, logger }) => {
  if (partition !== purgingPartition) return;
  try {
    await store.purgeKeys(keysPurgedAtOnce);
  } catch (err) {
    logger.warn(
      { partition, err },
      'old request keys not purged, trying again later; their table grows meanwhile',
    );
  }
};

const uncriticalTasks: readonly (readonly [Task, UncriticalTask])[] = [
  ['boards', writeBoards],
  ['trim', trim],
  ['purge', purge],
];
