import type { Outcome } from '../domain/outcome.ts';
import type { BoardUpdate } from '../log/contract.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Whether it was published. */
export const publishQuietly = async (
  { log, logger, partition, lease }: OwnedPartition,
  outcomes: readonly Outcome[],
  boards: readonly BoardUpdate[],
): Promise<boolean> => {
  try {
    await log.publish({ partition, leaseToken: lease.token, outcomes, boards });
    return true;
  } catch (err) {
    logger.warn({ partition, err }, 'committed, but the outcomes could not be published');
    return false;
  }
};
