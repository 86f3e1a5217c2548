import type { Clock } from '../domain/ports.ts';
import { acquire } from './acquire.ts';
import type { Leases } from './contract.ts';
import { free } from './free.ts';
import { newLeaseServer } from './lease-server.ts';
import { release } from './release.ts';
import { renew } from './renew.ts';
import type { NodeOf } from './scripts.ts';

export interface RedisLeasesOptions {
  /** For commands only. Without an offline queue it fails at once while Redis is away, which suits this room best. */
  readonly nodeOf: NodeOf;
  readonly clock: Clock;
  readonly partitions: number;
  readonly ttlMs: number;
  /** Goes in front of every token. */
  readonly projectorId: string;
}

/** The leases of all partitions on Redis, as one projector sees them. */
export const redisLeases = (options: RedisLeasesOptions): Leases => {
  const { nodeOf, clock, partitions, ttlMs, projectorId } = options;
  const server = newLeaseServer(nodeOf, clock, ttlMs);
  return {
    acquire: acquire(server, projectorId),
    renew: renew(server),
    release: release(server),
    free: free(server, partitions),
  };
};
