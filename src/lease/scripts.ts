import { readFileSync } from 'node:fs';
import type { ClientContext, Cluster, Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context extends ClientContext> {
    onsaleLeaseAcquire(key: string, token: string, ttlMs: number): Result<number, Context>;
    onsaleLeaseRenew(key: string, token: string, ttlMs: number): Result<number, Context>;
    onsaleLeaseRelease(key: string, token: string, channel: string): Result<number, Context>;
    onsaleHeartbeat(key: string, id: string, held: number, silenceMaxMs: number): Result<string[], Context>;
  }
}

/** One server or a cluster: no command here touches more than one hash slot. */
export type RedisConnection = Redis | Cluster;

const script = (name: string): string =>
  readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');

const scripts = {
  onsaleLeaseAcquire: script('acquire'),
  onsaleLeaseRenew: script('renew'),
  onsaleLeaseRelease: script('release'),
  onsaleHeartbeat: script('heartbeat'),
} as const;

/** Teaches a connection the commands of this room; doing it twice does no harm. */
export const defineScripts = (redis: RedisConnection): void => {
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(name, { lua, numberOfKeys: 1 });
};
