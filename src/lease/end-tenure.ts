import type { Contest } from './contest.ts';
import type { TenancyEnd } from './contract.ts';
import type { Tenure } from './tenure.ts';

const say = ({ logger }: Contest, partition: number, end: TenancyEnd): void => {
  if (end === 'fenced')
    logger.warn({ partition }, `fenced: another projector claimed partition ${partition}`);
  else if (end === 'unable')
    logger.error({ partition }, `partition ${partition} holds what this version cannot do: given back`);
  else logger.debug({ partition }, `left partition ${partition}`);
};

const endOf = async ({ logger }: Contest, { tenancy, lease }: Tenure): Promise<TenancyEnd> => {
  try {
    return await tenancy.ended;
  } catch (error) {
    logger.error(
      { err: error, partition: lease.partition },
      'work on a partition broke its promise and threw',
    );
    return 'left';
  }
};

const giveUp = async ({ leases, logger }: Contest, { lease }: Tenure): Promise<void> => {
  try {
    await leases.release(lease);
  } catch (error) {
    logger.debug({ err: error, partition: lease.partition }, 'could not release a lease: it ends by itself');
  }
};

/** Waits until the work has ended, gives the lease back and lets the partition rest as its end asks for. */
export const endTenure = async (contest: Contest, tenure: Tenure): Promise<void> => {
  const { partition } = tenure.lease;
  const end = await endOf(contest, tenure);
  // Work that ends unasked could end again at once: a breath keeps that from becoming a storm of take-overs.
  const unasked = tenure.phase === 'working';
  tenure.phase = 'ended';
  say(contest, partition, end);
  if (end === 'unable') contest.rests.begin(partition, 'unable', contest.pace.unableRestMs);
  else if (end === 'elsewhere') contest.rests.begin(partition, 'elsewhere', contest.pace.elsewhereRestMs);
  else if (unasked) contest.rests.begin(partition, 'ended', contest.pace.beatMs);
  await giveUp(contest, tenure);
  contest.tenures.delete(partition);
  contest.alarm.ring();
};
