import { readFileSync } from 'node:fs';
import type { ClientContext, Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context extends ClientContext> {
    onsaleLeaseAcquire(key: string, token: string, ttlMs: number): Result<number, Context>;
    onsaleLeaseRenew(key: string, token: string, ttlMs: number): Result<number, Context>;
    onsaleLeaseRelease(key: string, token: string, channel: string): Result<number, Context>;
    onsaleHeartbeat(key: string, id: string, held: number, silenceMaxMs: number): Result<string[], Context>;
  }
}

/** The connection to the server that keeps a key: no command here touches more than one hash slot. */
export type NodeOf = (key: string) => Redis;

const script = (name: string): string =>
  readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');

const scripts = {
  onsaleLeaseAcquire: script('acquire'),
  onsaleLeaseRenew: script('renew'),
  onsaleLeaseRelease: script('release'),
  onsaleHeartbeat: script('heartbeat'),
} as const;

const defineScripts = (redis: Redis): void => {
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(name, { lua, numberOfKeys: 1 });
};

/** Teaches each connection the commands of this room when it is first used. */
export const withScripts = (nodeOf: NodeOf): NodeOf => {
  const taught = new WeakSet<Redis>();
  return (key) => {
    const redis = nodeOf(key);
    if (!taught.has(redis)) defineScripts(redis);
    taught.add(redis);
    return redis;
  };
};
