import type { Redis } from 'ioredis';
import type { Clock } from '../domain/ports.ts';
import type { Members } from './contract.ts';
import { heartbeat } from './heartbeat.ts';
import { newLeaseServer } from './lease-server.ts';
import { leave } from './leave.ts';
import { onChange } from './on-change.ts';
import type { NodeOf } from './scripts.ts';

export interface RedisMembersOptions {
  readonly nodeOf: NodeOf;
  /** A connection that subscribes; it may serve other channels as well. */
  readonly subscriber: Redis;
  readonly clock: Clock;
  /** A member that is silent for so long is no longer live. */
  readonly ttlMs: number;
}

/** Who competes, as Redis knows it. */
export const redisMembers = ({ nodeOf, subscriber, clock, ttlMs }: RedisMembersOptions): Members => {
  const server = newLeaseServer(nodeOf, clock, ttlMs);
  return { heartbeat: heartbeat(server), leave: leave(server), onChange: onChange(subscriber) };
};
