import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Clock } from '../../src/domain/ports.ts';
import { redisLeases } from '../../src/lease/redis-leases.ts';
import { redisMembers } from '../../src/lease/redis-members.ts';
import type { LeaseWorld } from '../contract/lease.contract.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    // An abort is one of the two ways to end the sleep, and no error.
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};

export interface RedisWorld extends LeaseWorld {
  readonly redis: Redis;
}

export interface RedisWorldOptions {
  readonly ttlMs: number;
  readonly partitions: number;
}

/** A Redis for the whole test file. Each world on it starts empty and has connections of its own. */
export const redisWorlds = (settings: Readonly<Record<string, string>> = {}) => {
  let server: OwnServer | undefined;
  const own = (): OwnServer => {
    if (server === undefined) throw new Error('the before hook has not run');
    return server;
  };
  const connections: Redis[] = [];
  const connect = async (): Promise<Redis> => {
    const redis = new Redis(own().url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 20,
    });
    connections.push(redis);
    // Some of these tests take servers away; they assert themselves what must be noticed.
    redis.on('error', () => undefined);
    await redis.connect();
    return redis;
  };
  const newWorld = async ({ ttlMs, partitions }: RedisWorldOptions): Promise<RedisWorld> => {
    const [redis, subscriber] = await Promise.all([connect(), connect()]);
    await redis.flushall();
    const base = { nodeOf: () => redis, clock: systemClock, ttlMs };
    const members = redisMembers({ ...base, subscriber });
    return {
      ttlMs,
      partitions,
      redis,
      leases: (projectorId) => redisLeases({ ...base, partitions, projectorId }),
      members: () => members,
      monotonicMs: systemClock.monotonicMs,
      until: (condition) => waitUntil(condition, { limitMs: 10_000 }),
      close: async () => {
        redis.disconnect();
        subscriber.disconnect();
      },
    };
  };
  return {
    start: async (): Promise<void> => {
      server = await startOwnRedis({ settings });
    },
    remove: async (): Promise<void> => {
      // Also after failed tests, or the process would never end.
      for (const redis of connections) redis.disconnect();
      await server?.remove();
    },
    server: own,
    newWorld,
  };
};
