import { answeredWithin } from './answered-within.ts';
import type { Leases } from './contract.ts';
import { leaseKey, leasesChannel } from './keys.ts';
import type { LeaseServer } from './lease-server.ts';

/** Ends the lease if it is still ours, and nudges those who wait for one. */
export const release =
  ({ redis, clock, answerMaxMs }: LeaseServer): Leases['release'] =>
  async ({ partition, token }) => {
    const reply = redis.onsaleLeaseRelease(leaseKey(partition), token, leasesChannel);
    await answeredWithin({ clock, limitMs: answerMaxMs }, reply);
  };
