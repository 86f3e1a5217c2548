import type { PublishRequest } from '../log/contract.ts';
import type { OwnedPartition } from './owned-partition.ts';

/** Publishes, or logs why it failed. Resolves to whether it was published. */
export const publishQuietly = async (
  { log, logger, partition, lease }: OwnedPartition,
  request: Omit<PublishRequest, 'partition' | 'leaseToken'>,
): Promise<boolean> => {
  try {
    await log.publish({ partition, leaseToken: lease.token, ...request });
    return true;
  } catch (err) {
    logger.warn({ partition, err }, 'committed, but the outcomes could not be published');
    return false;
  }
};
