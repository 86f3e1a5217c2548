import { randomBytes } from 'node:crypto';
import { answeredWithin } from './answered-within.ts';
import type { Leases } from './contract.ts';
import { leaseKey } from './keys.ts';
import { deadlineOf, type LeaseServer } from './lease-server.ts';

/** The owner is named in front so that an operator can see who holds a partition; the rest makes it unique. */
const newToken = (projectorId: string): string => `${projectorId}:${randomBytes(16).toString('hex')}`;

/**
 * Takes the lease of a partition. When the reply is lost nobody knows whether it was taken, so the next attempt
 * repeats the token: without that the partition would be closed to everybody, us included, for a whole TTL.
 */
export const acquire = (server: LeaseServer, projectorId: string): Leases['acquire'] => {
  const { nodeOf, clock, ttlMs, answerMaxMs } = server;
  const unanswered = new Map<number, string>();
  return async (partition) => {
    const token = unanswered.get(partition) ?? newToken(projectorId);
    unanswered.delete(partition);
    const key = leaseKey(partition);
    const sentAtMs = clock.monotonicMs();
    try {
      const reply = nodeOf(key).onsaleLeaseAcquire(key, token, ttlMs);
      const granted = await answeredWithin({ clock, limitMs: answerMaxMs }, reply);
      return granted === 1
        ? { lease: { partition, token }, deadlineMs: deadlineOf(sentAtMs, ttlMs) }
        : undefined;
    } catch (error) {
      unanswered.set(partition, token);
      throw error;
    }
  };
};
