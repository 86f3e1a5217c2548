import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Clock } from '../domain/ports.ts';
import { inTime } from '../shared/in-time.ts';
import { newRedisScript, type RedisScript, runScript } from '../shared/redis-script.ts';

/** The connection to the server that keeps a key: no command here touches more than one hash slot. */
export type NodeOf = (key: string) => Redis;

const load = (name: string): RedisScript =>
  newRedisScript(readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8'));

const scripts = {
  acquire: load('acquire'),
  renew: load('renew'),
  release: load('release'),
  heartbeat: load('heartbeat'),
} as const;

/** The scripts that a projector's connections have to load before they are ready. */
export const leaseScripts = { control: Object.values(scripts).map(({ text }) => text) };

export interface LeaseServerOptions {
  /** For commands only. It must have no offline queue, so that commands fail at once while Redis is away. */
  readonly nodeOf: NodeOf;
  readonly clock: Clock;
  readonly ttlMs: number;
}

/** The Redis server, as far as leases need it. */
export interface LeaseServer extends LeaseServerOptions {
  /** The reply of a script, with all strings as Buffers; in time, or an error. */
  run(script: keyof typeof scripts, key: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /**
   * The reply, or an error when it did not come in time. The command may still be executed later, so after such an error
   * its effect is unknown.
   */
  answered<Reply>(reply: Promise<Reply>): Promise<Reply>;
}

export const newLeaseServer = (options: LeaseServerOptions): LeaseServer => {
  const { nodeOf, clock, ttlMs } = options;
  // Well below a third of the TTL, so that a lease whose reply was lost can be asked for again.
  const limitMs = Math.floor(ttlMs / 4);
  const limit = { limitMs, message: `Redis did not answer within ${limitMs} ms`, sleep: clock.sleep };
  const answered = <Reply>(reply: Promise<Reply>): Promise<Reply> => inTime(reply, limit);
  return {
    ...options,
    run: (name, key, ...args) => answered(runScript(nodeOf, scripts[name], { keys: [key], args })),
    answered,
  };
};

/**
 * When a lease requested at `sentAtMs` must be regarded as ended: a little before the server ends it, because the two
 * clocks do not run at exactly the same speed, and the server rounds to milliseconds.
 */
export const deadlineOf = (sentAtMs: number, ttlMs: number): number =>
  sentAtMs + ttlMs - Math.ceil(ttlMs / 50) - 2;
