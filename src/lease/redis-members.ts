import type { Clock } from '../domain/ports.ts';
import type { Members } from './contract.ts';
import { heartbeat } from './heartbeat.ts';
import { newLeaseServer } from './lease-server.ts';
import { leave } from './leave.ts';
import { onChange } from './on-change.ts';
import { defineScripts, type RedisConnection } from './scripts.ts';

export interface RedisMembersOptions {
  readonly redis: RedisConnection;
  /** A connection that subscribes; it may serve other channels as well. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  /** A member that is silent for so long is no longer live. */
  readonly ttlMs: number;
}

/** Who competes, as Redis knows it. */
export const redisMembers = ({ redis, subscriber, clock, ttlMs }: RedisMembersOptions): Members => {
  defineScripts(redis);
  const server = newLeaseServer(redis, clock, ttlMs);
  return { heartbeat: heartbeat(server), leave: leave(server), onChange: onChange(subscriber) };
};
