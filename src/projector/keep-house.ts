import { keepBoards, refreshFullBoards } from './boards.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishUntold } from './publish.ts';

/** When each chore was last done, by the monotonic clock. */
export interface Housekeeping {
  claimedAtMs: number;
  liftedAtMs: number;
  boardsAtMs: number;
  trimmedAtMs: number;
  purgedAtMs: number;
}

const never = Number.NEGATIVE_INFINITY;
/** Short, because the loop waits for it; often enough for any sale that ends within a day. */
const keysPurgedAtOnce = 2_000;
const everyMs = { claim: 1_000, lift: 1_000, boards: 500, trim: 1_000, purge: 5_000 };

export const newHousekeeping = (): Housekeeping => ({
  claimedAtMs: never,
  liftedAtMs: never,
  boardsAtMs: never,
  trimmedAtMs: never,
  purgedAtMs: never,
});

/**
 * What an owner owes besides deciding. Between two steps, each chore at its own pace, all of them at take-over. What is
 * committed is told first: boards are sealed here, and a show that was opened gets its board by telling. Fenced is who
 * could not commit: while nothing arrives no commit would tell, and what a database that went back has forgotten would
 * stay undecided.
 */
export const keepHouse = async (owned: OwnedPartition, house: Housekeeping): Promise<'kept' | 'fenced'> => {
  const { clock, log, partition, lease, progress } = owned;
  const now = clock.monotonicMs();
  const due = dueOf(house, now);
  if (!owned.reset && !Object.values(due).some(Boolean)) return 'kept';
  await publishUntold(owned);
  if (due.claim) {
    if (!(await owned.store.stands(owned.claim, progress.position))) return 'fenced';
    house.claimedAtMs = now;
  }
  const task = { partition, leaseToken: lease.token, watermark: progress.watermark };
  if (due.lift || owned.reset) {
    if ((await log.lift(task)) === 'lifted') {
      // The stream is an older one: boards went with it, and entries below the watermark may come.
      owned.reset = true;
      owned.boardsComplete = false;
    }
    house.liftedAtMs = now;
  }
  if (due.boards) {
    await refreshFullBoards(owned);
    await keepBoards(owned);
    house.boardsAtMs = now;
  }
  if (due.trim) {
    await log.trim(task);
    house.trimmedAtMs = now;
  }
  if (due.purge) {
    await owned.store.purgeKeys(keysPurgedAtOnce);
    house.purgedAtMs = now;
  }
  return 'kept';
};

const dueOf = (house: Housekeeping, now: number) => ({
  claim: now - house.claimedAtMs >= everyMs.claim,
  lift: now - house.liftedAtMs >= everyMs.lift,
  boards: now - house.boardsAtMs >= everyMs.boards,
  trim: now - house.trimmedAtMs >= everyMs.trim,
  purge: now - house.purgedAtMs >= everyMs.purge,
});
