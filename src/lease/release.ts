import { answeredWithin } from './answered-within.ts';
import type { Leases } from './contract.ts';
import { leaseKey, leasesChannel } from './keys.ts';
import type { LeaseServer } from './lease-server.ts';

/** Ends the lease if it is still ours, and nudges those who wait for one. */
export const release =
  ({ nodeOf, clock, answerMaxMs }: LeaseServer): Leases['release'] =>
  async ({ partition, token }) => {
    const key = leaseKey(partition);
    const reply = nodeOf(key).onsaleLeaseRelease(key, token, leasesChannel);
    await answeredWithin({ clock, limitMs: answerMaxMs }, reply);
  };
