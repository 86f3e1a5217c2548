import { answeredWithin } from './answered-within.ts';
import type { Leases } from './contract.ts';
import { leaseKey } from './keys.ts';
import { deadlineOf, type LeaseServer } from './lease-server.ts';

/** Makes the lease last a whole TTL from now, if it is still ours. */
export const renew =
  ({ nodeOf, clock, ttlMs, answerMaxMs }: LeaseServer): Leases['renew'] =>
  async ({ partition, token }) => {
    const key = leaseKey(partition);
    const sentAtMs = clock.monotonicMs();
    const reply = nodeOf(key).onsaleLeaseRenew(key, token, ttlMs);
    const renewed = await answeredWithin({ clock, limitMs: answerMaxMs }, reply);
    return renewed === 1 ? deadlineOf(sentAtMs, ttlMs) : undefined;
  };
