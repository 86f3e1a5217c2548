import type { PartitionTask } from '../log/contract.ts';
import { ensureBoards } from './boards.ts';
import type { OwnedPartition } from './owned-partition.ts';
import type { Verdict } from './verdict.ts';

const tasks = ['claim', 'lift', 'boards', 'trim', 'purge'] as const;
type Task = (typeof tasks)[number];

/** When each task was last run, by the monotonic clock (ms). */
export type MaintenanceTimes = Record<Task, number>;

const never = Number.NEGATIVE_INFINITY;
/** A partition that every installation has. */
const purgingPartition = 0;
/** Small, because the loop waits for it. Once a second, it is enough for two thousand new keys a second all day. */
const keysPurgedAtOnce = 2_000;
const everyMs: Readonly<Record<Task, number>> = {
  claim: 1_000,
  lift: 1_000,
  boards: 500,
  trim: 1_000,
  purge: 1_000,
};

/** The batch, the one decided ahead, and entries that did not fit: each 2,000 at most, by the limit of the setting. */
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
  const isDue = (task: Task): boolean => beatOf(now, everyMs[task]) > beatOf(lastMs[task], everyMs[task]);
  if (!owned.reset && !tasks.some(isDue)) return kept;
  await owned.published;
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
 * The partitions of a process do what they do regularly at the same moments, on beats that are counted from the zero of the
 * monotonic clock. So the commands of all of them are one write to a server, and the process sleeps in between.
 */
const beatOf = (monotonicMs: number, beatMs: number): number => Math.floor(monotonicMs / beatMs);

/** Until the next beat: more than 0, at most `beatMs`. */
export const untilBeatMs = (monotonicMs: number, beatMs: number): number =>
  (beatOf(monotonicMs, beatMs) + 1) * beatMs - monotonicMs;

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

/** Without a fresh note, a take-over in a copy of the database would look like a take-over in this one. */
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
        inFlightMax,
      })) === 'lifted'
    )
      invalidateStream(owned);
    return kept;
  } catch (error) {
    // The stream may have been lifted all the same, and no later call would report that.
    invalidateStream(owned);
    return guardFailed('Redis could not be asked whether the stream went back', error);
  }
};

/** The stream may be an older state: boards were lost with the newer one, and entries below the watermark may come. */
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

const trim: UncriticalTask = async (owned) => {
  try {
    await owned.log.trim(taskOf(owned));
  } catch (err) {
    const { logger, partition } = owned;
    logger.warn({ partition, err }, 'stream not trimmed, trying again later; it grows meanwhile');
  }
};

/**
 * Keys belong to no partition. Only one owner purges them: several would want the same oldest rows and wait for each
 * other's locks. While that partition has no owner the table grows, which is harmless: an expired key counts as free.
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
  ['boards', ensureBoards],
  ['trim', trim],
  ['purge', purge],
];
