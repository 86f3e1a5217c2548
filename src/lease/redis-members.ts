import type { Redis } from 'ioredis';
import type { Member, Members } from './contract.ts';
import { leasesChannel, membersKey } from './keys.ts';
import { type LeaseServer, type LeaseServerOptions, newLeaseServer } from './lease-server.ts';

/** A member that is silent for `ttlMs` is no longer live. */
export interface RedisMembersOptions extends LeaseServerOptions {
  /** A connection that subscribes; it may serve other channels as well. */
  readonly subscriber: Redis;
}

/** The projectors that compete, kept in Redis. */
export const redisMembers = ({ subscriber, ...options }: RedisMembersOptions): Members => {
  const server = newLeaseServer(options);
  return { heartbeat: heartbeat(server), leave: leave(server), onChange: onChange(subscriber) };
};

/** Announces this projector, removes silent members, returns the live ones. */
const heartbeat =
  ({ run, ttlMs }: LeaseServer): Members['heartbeat'] =>
  async ({ id, held }) =>
    parseMembers(await run('heartbeat', membersKey, id, held, ttlMs));

const parseMembers = (reply: unknown): readonly Member[] => {
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  const members: Member[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) members.push({ id: flat[i] ?? '', held: Number(flat[i + 1]) });
  return members;
};

/** Removes us from the members and notifies the others. Both are sent at once, in this order, on one connection. */
const leave =
  ({ nodeOf, answered }: LeaseServer): Members['leave'] =>
  async (id) => {
    const redis = nodeOf(membersKey);
    await answered(Promise.all([redis.hdel(membersKey, id), redis.publish(leasesChannel, id)]));
  };

/**
 * Listens for releases and leaves on a subscriber connection. A failed SUBSCRIBE is ignored: competitors run a round
 * several times in a TTL anyway, and SUBSCRIBE is sent again whenever the connection is ready.
 */
const onChange = (subscriber: Redis): Members['onChange'] => {
  const listeners = new Set<() => void>();
  const notify = (channel: string): void => {
    if (channel !== leasesChannel) return;
    for (const listener of listeners) listener();
  };
  const missed = (): void => undefined;
  const subscribe = (): void => {
    subscriber.subscribe(leasesChannel).catch(missed);
  };
  const start = (): void => {
    subscriber.on('message', notify);
    subscriber.on('ready', subscribe);
    if (subscriber.status === 'ready') subscribe();
  };
  const stop = (): void => {
    subscriber.off('message', notify);
    subscriber.off('ready', subscribe);
    if (subscriber.status === 'ready') subscriber.unsubscribe(leasesChannel).catch(missed);
  };
  return (listener) => {
    // A new function for each call, so that two calls with the same listener count as two.
    const own = (): void => listener();
    if (listeners.size === 0) start();
    listeners.add(own);
    return () => {
      if (listeners.delete(own) && listeners.size === 0) stop();
    };
  };
};
