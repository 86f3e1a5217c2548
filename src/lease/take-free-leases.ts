import { type Contest, shareUsed } from './contest.ts';
import { endTenure } from './end-tenure.ts';
import { settleAll } from './settle-all.ts';
import { shuffled } from './shuffled.ts';
import { startTenure } from './tenure.ts';

const noteFree = ({ freeSinceMs, clock }: Contest, free: readonly number[]): void => {
  const seen = new Set(free);
  for (const partition of freeSinceMs.keys()) if (!seen.has(partition)) freeSinceMs.delete(partition);
  const nowMs = clock.monotonicMs();
  for (const partition of free) if (!freeSinceMs.has(partition)) freeSinceMs.set(partition, nowMs);
};

/**
 * Work that stands still is left to somebody who gets on. Where nobody takes it in the time in which anybody may, the trouble
 * is not ours alone: sat out to its end, the partition would stand still for seconds after that is over.
 */
const endVainRests = ({ rests, freeSinceMs, clock, pace }: Contest): void => {
  const sinceMs = clock.monotonicMs() - pace.unwantedAfterMs;
  for (const partition of rests.of('stalled'))
    if ((freeSinceMs.get(partition) ?? Infinity) <= sinceMs) rests.endOf(partition);
};

/** Whether it was taken. */
const take = async (contest: Contest, partition: number): Promise<boolean> => {
  const { leases, clock, tenures, tenant } = contest;
  const renewedAtMs = clock.monotonicMs();
  const taken = await leases.acquire(partition);
  if (taken === undefined) return false;
  if (contest.stopping || clock.monotonicMs() >= taken.deadlineMs) {
    await leases.release(taken.lease);
    return false;
  }
  const tenure = startTenure({ ...taken, renewedAtMs, tenant, clock });
  tenures.set(partition, tenure);
  tenure.closed = endTenure(contest, tenure);
  return true;
};

const takeAll = async (contest: Contest, partitions: readonly number[]): Promise<readonly number[]> => {
  const taken = await settleAll(partitions.map((partition) => take(contest, partition)));
  return partitions.filter((_, index) => taken[index]);
};

/** Takes free leases up to `target`, and beyond it those that nobody has wanted for a while. */
export const takeFree = async (contest: Contest, target: number): Promise<void> => {
  const { leases, tenures, rests, random, clock, pace, freeSinceMs, logger } = contest;
  const free = await leases.free();
  noteFree(contest, free);
  endVainRests(contest);
  const open = shuffled(free, random).filter((each) => !tenures.has(each) && !rests.isResting(each));
  const taken: number[] = [];
  for (let room = target - shareUsed(contest); room > 0 && open.length > 0; ) {
    if (contest.stopping) return;
    const won = await takeAll(contest, open.splice(0, room));
    taken.push(...won);
    room -= won.length;
  }
  const forlornSinceMs = clock.monotonicMs() - pace.forlornAfterMs;
  const forlorn = open.filter((each) => (freeSinceMs.get(each) ?? Infinity) <= forlornSinceMs);
  if (!contest.stopping) taken.push(...(await takeAll(contest, forlorn)));
  if (taken.length > 0) logger.info({ partitions: taken }, 'took leases');
};
