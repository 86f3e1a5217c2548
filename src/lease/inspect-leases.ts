import { leaseKey, membersKey } from './keys.ts';
import type { NodeOf } from './lease-server.ts';

/** A lease that is held, read for inspection. */
export interface LeaseSnapshot {
  readonly partition: number;
  /** The projector that took it: its id is the beginning of the token. */
  readonly holder: string;
  readonly endsInMs: number;
}

export interface MemberSnapshot {
  readonly id: string;
  readonly held: number;
  readonly silentMs: number;
}

/** Reads the leases that are held. Throws while Redis is away. */
export const inspectLeases = async (
  nodeOf: NodeOf,
  partitions: readonly number[],
): Promise<readonly LeaseSnapshot[]> => {
  const snapshots = await Promise.all(
    partitions.map(async (partition): Promise<readonly LeaseSnapshot[]> => {
      const key = leaseKey(partition);
      const redis = nodeOf(key);
      const [token, endsInMs] = await Promise.all([redis.get(key), redis.pttl(key)]);
      return token === null ? [] : [{ partition, holder: holderIn(token), endsInMs }];
    }),
  );
  return snapshots.flat();
};

const holderIn = (token: string): string => token.slice(0, Math.max(0, token.lastIndexOf(':'))) || token;

/** Projectors whose last heartbeat is at most `silentMsMax` old, by the server's clock. A dead one is listed until then. */
export const inspectMembers = async (
  nodeOf: NodeOf,
  { silentMsMax }: { readonly silentMsMax: number },
): Promise<readonly MemberSnapshot[]> => {
  const redis = nodeOf(membersKey);
  const [members, [seconds, microseconds]] = await Promise.all([redis.hgetall(membersKey), redis.time()]);
  const nowMs = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  return Object.entries(members)
    .map(([id, text]): MemberSnapshot => {
      const [held, seen] = text.split(':');
      return { id, held: Number(held), silentMs: Math.abs(nowMs - Number(seen)) };
    })
    .filter(({ silentMs }) => silentMs <= silentMsMax)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
};
