import { answeredWithin } from './answered-within.ts';
import type { Members } from './contract.ts';
import { leasesChannel, membersKey } from './keys.ts';
import type { LeaseServer } from './lease-server.ts';

/** Tells the others that our share is theirs. Both are sent at once and in this order, on one connection. */
export const leave =
  ({ nodeOf, clock, answerMaxMs }: LeaseServer): Members['leave'] =>
  async (id) => {
    const redis = nodeOf(membersKey);
    const replies = Promise.all([redis.hdel(membersKey, id), redis.publish(leasesChannel, id)]);
    await answeredWithin({ clock, limitMs: answerMaxMs }, replies);
  };
