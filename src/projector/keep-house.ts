import { keepBoards, refreshFullBoards } from './boards.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishUntold } from './publish.ts';

const chores = ['claim', 'lift', 'boards', 'trim', 'purge'] as const;
type Chore = (typeof chores)[number];

/** When each chore was last done, by the monotonic clock. */
export type Housekeeping = Record<Chore, number>;

const never = Number.NEGATIVE_INFINITY;
/** Short, because the loop waits for it; often enough for any sale that ends within a day. */
const keysPurgedAtOnce = 2_000;
const everyMs: Readonly<Record<Chore, number>> = {
  claim: 1_000,
  lift: 1_000,
  boards: 500,
  trim: 1_000,
  purge: 5_000,
};

export const newHousekeeping = (): Housekeeping => ({
  claim: never,
  lift: never,
  boards: never,
  trim: never,
  purge: never,
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
  const isDue = (chore: Chore): boolean => now - house[chore] >= everyMs[chore];
  if (!owned.reset && !chores.some(isDue)) return 'kept';
  await publishUntold(owned);
  if (isDue('claim')) {
    if (!(await owned.store.stands(owned.claim, progress.position))) return 'fenced';
    house.claim = now;
  }
  const task = { partition, leaseToken: lease.token, watermark: progress.watermark };
  if (isDue('lift') || owned.reset) {
    if ((await log.lift(task)) === 'lifted') {
      // The stream is an older one: boards went with it, and entries below the watermark may come.
      owned.reset = true;
      owned.boardsComplete = false;
    }
    house.lift = now;
  }
  if (isDue('boards')) {
    await refreshFullBoards(owned);
    await keepBoards(owned);
    house.boards = now;
  }
  if (isDue('trim')) {
    await log.trim(task);
    house.trim = now;
  }
  if (isDue('purge')) {
    await owned.store.purgeKeys(keysPurgedAtOnce);
    house.purge = now;
  }
  return 'kept';
};
