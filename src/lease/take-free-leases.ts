import type { Random } from '../domain/ports.ts';
import { type CompetitorState, shareUsed } from './competitor-state.ts';
import type { WorkEnd } from './contract.ts';
import { type LeasedWork, startWork } from './leased-work.ts';
import { allEnded } from './tend-leases.ts';

/** Takes free leases up to `target`, and beyond it those that no projector has taken for a while. */
export const takeFreeLeases = async (state: CompetitorState, target: number): Promise<void> => {
  const { leases, leased, cooldowns, random, clock, pace, freeSinceMs, logger } = state;
  const free = await leases.free(leased);
  noteFree(state, free);
  endVainCooldowns(state);
  const open = shuffled(free, random).filter((each) => !cooldowns.has(each));
  const taken: number[] = [];
  for (let room = target - shareUsed(state); room > 0 && open.length > 0; ) {
    if (state.stopping) return;
    const won = await takeAll(state, open.splice(0, room));
    taken.push(...won);
    room -= won.length;
  }
  const orphanedSinceMs = clock.monotonicMs() - pace.orphanedAfterMs;
  const orphaned = open.filter((each) => (freeSinceMs.get(each) ?? Infinity) <= orphanedSinceMs);
  if (!state.stopping) taken.push(...(await takeAll(state, orphaned)));
  if (taken.length > 0) logger.info({ partitions: taken }, 'took leases');
};

const noteFree = ({ freeSinceMs, clock }: CompetitorState, free: readonly number[]): void => {
  const seen = new Set(free);
  for (const partition of freeSinceMs.keys()) if (!seen.has(partition)) freeSinceMs.delete(partition);
  const nowMs = clock.monotonicMs();
  for (const partition of free) if (!freeSinceMs.has(partition)) freeSinceMs.set(partition, nowMs);
};

/**
 * A stalled partition is left to other projectors. When none takes it although all may, the cause is probably not in this
 * process. Its cooldown then ends early; otherwise the partition would stay idle for seconds after the cause is gone.
 */
const endVainCooldowns = ({ cooldowns, freeSinceMs, clock, pace }: CompetitorState): void => {
  const sinceMs = clock.monotonicMs() - pace.unwantedAfterMs;
  for (const partition of cooldowns.of('stalled'))
    if ((freeSinceMs.get(partition) ?? Infinity) <= sinceMs) cooldowns.endOf(partition);
};

/** In random order, so that two competitors do not chase the same partitions. */
export const shuffled = <Item>(items: readonly Item[], random: Random): Item[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

const takeAll = async (state: CompetitorState, partitions: readonly number[]): Promise<readonly number[]> => {
  const taken = await allEnded(partitions.map((partition) => take(state, partition)));
  return partitions.filter((_, index) => taken[index]);
};

/** Whether it was taken. */
const take = async (state: CompetitorState, partition: number): Promise<boolean> => {
  const { leases, clock, worker } = state;
  const renewedAtMs = clock.monotonicMs();
  const taken = await leases.acquire(partition);
  if (taken === undefined) return false;
  if (state.stopping || clock.monotonicMs() >= taken.deadlineMs) {
    await leases.release(taken.lease);
    return false;
  }
  const leased = startWork({ ...taken, renewedAtMs, worker, clock });
  state.leased.set(partition, leased);
  leased.closed = closeAfterEnd(state, leased);
  return true;
};

/** Waits until the work has ended, releases the lease and begins the cooldown for that kind of end. */
const closeAfterEnd = async (state: CompetitorState, leased: LeasedWork): Promise<void> => {
  const { cooldowns, pace } = state;
  const { partition } = leased.lease;
  const end = await endOf(state, leased);
  // Work that ended by itself could do so again at once: a short pause prevents a rapid series of take-overs.
  const isUnasked = leased.phase === 'working';
  leased.phase = 'ended';
  logEnd(state, partition, end);
  if (end === 'unable') cooldowns.begin(partition, 'unable', pace.unableCooldownMs);
  else if (end === 'elsewhere') cooldowns.begin(partition, 'elsewhere', pace.elsewhereCooldownMs);
  else if (isUnasked) cooldowns.begin(partition, 'ended', pace.roundMs);
  await giveBack(state, leased);
  state.leased.delete(partition);
  state.alarm.ring();
};

const endOf = async ({ logger }: CompetitorState, { work, lease }: LeasedWork): Promise<WorkEnd> => {
  try {
    return await work.ended;
  } catch (error) {
    logger.error(
      { err: error, partition: lease.partition },
      'work on a partition threw an error, which it must never do',
    );
    return 'left';
  }
};

const logEnd = ({ logger }: CompetitorState, partition: number, end: WorkEnd): void => {
  if (end === 'fenced')
    logger.warn({ partition }, `fenced: another projector claimed partition ${partition}`);
  else if (end === 'unable')
    logger.error({ partition }, `partition ${partition} has entries of a newer version: released`);
  else logger.debug({ partition }, `left partition ${partition}`);
};

const giveBack = async ({ leases, logger }: CompetitorState, { lease }: LeasedWork): Promise<void> => {
  try {
    await leases.release(lease);
  } catch (error) {
    logger.debug({ err: error, partition: lease.partition }, 'could not release a lease: it ends by itself');
  }
};
