import { type Contest, working } from './contest.ts';
import { settleAll } from './settle-all.ts';
import { loseTenure, type Tenure } from './tenure.ts';

const renewTenure = async (contest: Contest, tenure: Tenure): Promise<void> => {
  const { clock, leases, logger } = contest;
  const sentAtMs = clock.monotonicMs();
  const deadlineMs = await leases.renew(tenure.lease);
  if (tenure.phase !== 'working' && tenure.phase !== 'leaving') return;
  // A reply after the deadline comes too late: the work has been told already that the lease was over.
  if (deadlineMs === undefined || clock.monotonicMs() >= tenure.deadlineMs) {
    logger.warn(
      { partition: tenure.lease.partition },
      `lost the lease of partition ${tenure.lease.partition}`,
    );
    loseTenure(tenure);
    return;
  }
  tenure.deadlineMs = deadlineMs;
  tenure.renewedAtMs = sentAtMs;
};

/** Renews, all at once and each by itself, the leases that are old enough. One that fails is due again next time. */
export const renewDue = async (contest: Contest): Promise<void> => {
  const dueMs = contest.clock.monotonicMs() - contest.pace.renewAfterMs;
  const due = working(contest).filter(({ renewedAtMs }) => renewedAtMs <= dueMs);
  await settleAll(due.map((tenure) => renewTenure(contest, tenure)));
};
