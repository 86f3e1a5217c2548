import { answeredWithin } from './answered-within.ts';
import type { Member, Members } from './contract.ts';
import { membersKey } from './keys.ts';
import type { LeaseServer } from './lease-server.ts';

const parseMembers = (flat: readonly string[]): readonly Member[] => {
  const members: Member[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) members.push({ id: flat[i] ?? '', held: Number(flat[i + 1]) });
  return members;
};

/** Tells the others of us, forgets the silent ones, returns the live ones. */
export const heartbeat =
  ({ nodeOf, clock, ttlMs, answerMaxMs }: LeaseServer): Members['heartbeat'] =>
  async ({ id, held }) => {
    const reply = nodeOf(membersKey).onsaleHeartbeat(membersKey, id, held, ttlMs);
    return parseMembers(await answeredWithin({ clock, limitMs: answerMaxMs }, reply));
  };
