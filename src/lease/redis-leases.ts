import { randomBytes } from 'node:crypto';
import type { Leases } from './contract.ts';
import { leaseKey, leasesChannel } from './keys.ts';
import { deadlineOf, type LeaseServer, type LeaseServerOptions, newLeaseServer } from './lease-server.ts';

export interface RedisLeasesOptions extends LeaseServerOptions {
  readonly partitions: number;
  /** The beginning of every token. */
  readonly projectorId: string;
}

/** The leases of all partitions on Redis, as one projector sees them. */
export const redisLeases = (options: RedisLeasesOptions): Leases => {
  const server = newLeaseServer(options);
  return {
    acquire: acquire(server, options.projectorId),
    renew: renew(server),
    release: release(server),
    free: free(server, options.partitions),
  };
};

/**
 * Takes the lease of a partition. After a lost reply it is unknown whether the lease was taken, so the next attempt repeats
 * the token. With a new token the partition could be closed to all projectors, us included, for a whole TTL.
 */
const acquire = ({ run, clock, ttlMs }: LeaseServer, projectorId: string): Leases['acquire'] => {
  const unanswered = new Map<number, string>();
  return async (partition) => {
    const token = unanswered.get(partition) ?? newToken(projectorId);
    unanswered.delete(partition);
    const sentAtMs = clock.monotonicMs();
    try {
      const granted = await run('acquire', leaseKey(partition), token, ttlMs);
      return granted === 1
        ? { lease: { partition, token }, deadlineMs: deadlineOf(sentAtMs, ttlMs) }
        : undefined;
    } catch (error) {
      unanswered.set(partition, token);
      throw error;
    }
  };
};

/** Begins with the projector's id, so that an operator can see who holds a partition; the rest makes the token unique. */
const newToken = (projectorId: string): string => `${projectorId}:${randomBytes(16).toString('hex')}`;

/** Makes the lease last a whole TTL from now, if it is still ours. */
const renew =
  ({ run, clock, ttlMs }: LeaseServer): Leases['renew'] =>
  async ({ partition, token }) => {
    const sentAtMs = clock.monotonicMs();
    const renewed = await run('renew', leaseKey(partition), token, ttlMs);
    return renewed === 1 ? deadlineOf(sentAtMs, ttlMs) : undefined;
  };

/** Ends the lease if it is still ours, and notifies the other projectors. */
const release =
  ({ run }: LeaseServer): Leases['release'] =>
  async ({ partition, token }) => {
    await run('release', leaseKey(partition), token, leasesChannel);
  };

/**
 * Which partitions have no lease. Sends one EXISTS for each partition, all at once: in a cluster every partition has its own
 * slot, and neither a command nor a pipeline may cross slots. Partitions of a node that does not answer are left out, as
 * their leases cannot be taken anyway. Throws only when no node answers.
 */
const free =
  ({ nodeOf, answered }: LeaseServer, partitions: number): Leases['free'] =>
  async (except) => {
    const exists = async (partition: number): Promise<number> => {
      const key = leaseKey(partition);
      return await nodeOf(key).exists(key);
    };
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    const numbers = all.filter((partition) => !except?.has(partition));
    const answers = numbers.map((partition) => answered(exists(partition)));
    const settled = await Promise.allSettled(answers);
    if (settled.every(({ status }) => status === 'rejected')) await Promise.all(answers);
    return numbers.filter((_, index) => {
      const answer = settled[index];
      return answer?.status === 'fulfilled' && answer.value === 0;
    });
  };
