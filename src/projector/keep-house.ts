import type { PartitionTask } from '../log/contract.ts';
import { keepBoards, refreshFullBoards } from './boards.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { publishUntold } from './publish.ts';
import type { Verdict } from './verdict.ts';

const chores = ['claim', 'lift', 'boards', 'trim', 'purge'] as const;
type Chore = (typeof chores)[number];

/** When each chore was last done, by the monotonic clock. */
export type Housekeeping = Record<Chore, number>;

const never = Number.NEGATIVE_INFINITY;
/** The one that every installation has. */
const purgingPartition = 0;
/** Short, because the loop waits for it; with its pace enough for two thousand keys a second, day and night. */
const keysPurgedAtOnce = 2_000;
const everyMs: Readonly<Record<Chore, number>> = {
  claim: 1_000,
  lift: 1_000,
  boards: 500,
  trim: 1_000,
  purge: 1_000,
};

/** A batch, the one decided ahead of it, and what did not fit: 2,000 each, which is the most a setting allows. */
const inHandMax = 6_000;

export const newHousekeeping = (): Housekeeping => ({
  claim: never,
  lift: never,
  boards: never,
  trim: never,
  purge: never,
});

type HouseVerdict = { readonly type: 'kept' } | Extract<Verdict, { type: 'fenced' | 'retry' }>;

/**
 * What an owner owes besides deciding. Between two steps, each chore at its own pace, all of them at take-over. What is
 * committed is told first: boards are sealed here, and a show that was opened gets its board by telling. Claim and lift
 * guard promises, so nothing is decided before they are done; without the others nothing is wrong for a while, so
 * their trouble is logged as theirs and holds nobody up.
 */
export const keepHouse = async (owned: OwnedPartition, house: Housekeeping): Promise<HouseVerdict> => {
  const now = owned.clock.monotonicMs();
  const isDue = (chore: Chore): boolean => now - house[chore] >= everyMs[chore];
  if (!owned.reset && !chores.some(isDue)) return kept;
  await publishUntold(owned);
  if (isDue('claim')) {
    const verdict = await lookAtClaim(owned);
    if (verdict.type !== 'kept') return verdict;
    house.claim = now;
  }
  if (isDue('lift') || owned.reset) {
    const verdict = await lift(owned);
    if (verdict.type !== 'kept') return verdict;
    house.lift = now;
  }
  for (const [chore, work] of otherChores) {
    if (!isDue(chore)) continue;
    house[chore] = now;
    await work(owned);
  }
  return kept;
};

const kept = { type: 'kept' } as const;

/**
 * Fenced is who could not commit: while nothing arrives no commit would tell, and what a database that went back has
 * forgotten would stay undecided.
 */
const lookAtClaim = async (owned: OwnedPartition): Promise<HouseVerdict> => {
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
): Promise<HouseVerdict> => {
  try {
    await log.noteClaim({ partition, leaseToken: lease.token, claim, roll });
    return kept;
  } catch (error) {
    return guardFailed('the claim could not be noted in Redis', error);
  }
};

const lift = async (owned: OwnedPartition): Promise<HouseVerdict> => {
  try {
    if (
      (await owned.log.lift({ ...taskOf(owned), judgedMs: owned.progress.judgedMs, inHand: inHandMax })) ===
      'lifted'
    )
      distrustStream(owned);
    return kept;
  } catch (error) {
    // It may have been lifted, and nobody will be told so again.
    distrustStream(owned);
    return guardFailed('Redis could not be asked whether the stream went back', error);
  }
};

/** The stream may be an older one: boards went with it, and entries below the watermark may come. */
const distrustStream = (owned: OwnedPartition): void => {
  owned.reset = true;
  owned.boardsComplete = false;
};

const guardFailed = (undone: string, error: unknown): HouseVerdict => ({
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
type OtherChore = (owned: OwnedPartition) => Promise<void>;

const writeBoards: OtherChore = async (owned) => {
  await refreshFullBoards(owned);
  await keepBoards(owned);
};

const trim: OtherChore = async (owned) => {
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
const purge: OtherChore = async ({ partition, store, logger }) => {
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

const otherChores: readonly (readonly [Chore, OtherChore])[] = [
  ['boards', writeBoards],
  ['trim', trim],
  ['purge', purge],
];
