import { type CompetitorState, working } from './competitor-state.ts';
import { type LeasedWork, leaveWork, loseWork } from './leased-work.ts';

/** Gives up leases that ran out, and work that makes no progress: only progress is a reason to renew. */
export const giveUpOverdue = (state: CompetitorState): void => {
  for (const leased of state.leased.values()) giveUpIfOverdue(state, leased);
};

const giveUpIfOverdue = (state: CompetitorState, leased: LeasedWork): void => {
  const { clock, pace, cooldowns, logger, random } = state;
  const nowMs = clock.monotonicMs();
  const { partition } = leased.lease;
  if (leased.phase === 'leaving' && nowMs >= leased.deadlineMs) {
    logStuck(state, leased);
    loseWork(leased);
  }
  if (leased.phase !== 'working') return;
  if (nowMs >= leased.deadlineMs) {
    logger.warn(
      { partition },
      `fenced: the lease of partition ${partition} ran out before it could be renewed`,
    );
    loseWork(leased);
    return;
  }
  // The time counts from the take-over at the earliest: what happened before must not cost us the lease.
  const idleMs = nowMs - Math.max(leased.startedAtMs, state.backAtMs, leased.work.lastProgressMs());
  if (idleMs <= pace.stalledAfterMs) return;
  logger.warn(
    { partition, idleMs },
    `partition ${partition} makes no progress: released and put in cooldown`,
  );
  cooldowns.begin(partition, 'stalled', pace.stalledAfterMs * (1 + random() / 2));
  leaveWork(leased);
};

/** Logs that work does not end. Its lease is never released while the work goes on. */
export const logStuck = ({ logger }: CompetitorState, { lease }: LeasedWork): void =>
  logger.warn(
    { partition: lease.partition },
    `work on partition ${lease.partition} did not end in time: its lease is left to expire`,
  );

/** Renews all leases that are old enough, in parallel. A renewal that fails is due again in the next round. */
export const renewDue = async (state: CompetitorState): Promise<void> => {
  const dueMs = state.clock.monotonicMs() - state.pace.renewAfterMs;
  const due = working(state).filter(({ renewedAtMs }) => renewedAtMs <= dueMs);
  await allEnded(due.map((leased) => renew(state, leased)));
};

const renew = async ({ clock, leases, logger }: CompetitorState, leased: LeasedWork): Promise<void> => {
  const sentAtMs = clock.monotonicMs();
  const deadlineMs = await leases.renew(leased.lease);
  if (leased.phase !== 'working' && leased.phase !== 'leaving') return;
  // A reply after the deadline is too late: for the work the lease was over already.
  if (deadlineMs === undefined || clock.monotonicMs() >= leased.deadlineMs) {
    const { partition } = leased.lease;
    logger.warn({ partition }, `lost the lease of partition ${partition}`);
    loseWork(leased);
    return;
  }
  leased.deadlineMs = deadlineMs;
  leased.renewedAtMs = sentAtMs;
};

/**
 * Waits for all, then throws the first error. Promise.all would reject at once, while the others still run and nothing
 * waits for them.
 */
export const allEnded = async <Value>(promises: readonly Promise<Value>[]): Promise<readonly Value[]> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};
