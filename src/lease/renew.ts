import { answeredWithin } from './answered-within.ts';
import type { Leases } from './contract.ts';
import { leaseKey } from './keys.ts';
import { deadlineOf, type LeaseServer } from './lease-server.ts';

/** Makes the lease last a whole TTL from now, if it is still ours. */
export const renew =
  ({ redis, clock, ttlMs, answerMaxMs }: LeaseServer): Leases['renew'] =>
  async ({ partition, token }) => {
    const sentAtMs = clock.monotonicMs();
    const reply = redis.onsaleLeaseRenew(leaseKey(partition), token, ttlMs);
    const renewed = await answeredWithin({ clock, limitMs: answerMaxMs }, reply);
    return renewed === 1 ? deadlineOf(sentAtMs, ttlMs) : undefined;
  };
