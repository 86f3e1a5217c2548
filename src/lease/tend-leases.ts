import type { Contest } from './contest.ts';
import { leaveTenure, loseTenure, type Tenure } from './tenure.ts';

/** Said of work that does not end: its lease is never released under its feet. */
export const sayStuck = ({ logger }: Contest, { lease }: Tenure): void =>
  logger.warn(
    { partition: lease.partition },
    `work on partition ${lease.partition} did not end in time: its lease is left to expire`,
  );

const lookAfterOne = (contest: Contest, tenure: Tenure): void => {
  const { clock, pace, rests, logger, random } = contest;
  const nowMs = clock.monotonicMs();
  const { partition } = tenure.lease;
  if (tenure.phase === 'leaving' && nowMs >= tenure.deadlineMs) {
    sayStuck(contest, tenure);
    loseTenure(tenure);
  }
  if (tenure.phase !== 'working') return;
  if (nowMs >= tenure.deadlineMs) {
    logger.warn(
      { partition },
      `fenced: the lease of partition ${partition} ran out before it could be renewed`,
    );
    loseTenure(tenure);
    return;
  }
  // Taking a partition over counts as a step: a backlog that is not ours to answer for must not cost us the lease.
  const idleMs = nowMs - Math.max(tenure.startedAtMs, contest.backAtMs, tenure.tenancy.lastProgressMs());
  if (idleMs <= pace.stalledAfterMs) return;
  logger.warn({ partition, idleMs }, `partition ${partition} makes no progress: given back and sat out`);
  rests.begin(partition, 'stalled', pace.stalledAfterMs * (1 + random() / 2));
  leaveTenure(tenure);
};

/** Lets go of leases that ran out and of work that makes no progress: renewal is earned. */
export const lookAfter = (contest: Contest): void => {
  for (const tenure of contest.tenures.values()) lookAfterOne(contest, tenure);
};
