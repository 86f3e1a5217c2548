import type { Clock } from '../domain/ports.ts';
import { type NodeOf, withScripts } from './scripts.ts';

/** What every verb needs to ask Redis for a lease. */
export interface LeaseServer {
  readonly nodeOf: NodeOf;
  readonly clock: Clock;
  readonly ttlMs: number;
  /** How long an answer may take: well below a third of the TTL, so that a lost one can be asked for again. */
  readonly answerMaxMs: number;
}

export const newLeaseServer = (nodeOf: NodeOf, clock: Clock, ttlMs: number): LeaseServer => ({
  nodeOf: withScripts(nodeOf),
  clock,
  ttlMs,
  answerMaxMs: Math.floor(ttlMs / 4),
});

/**
 * When a lease asked for at `sentAtMs` must be taken as ended. A little before the server ends it: the two clocks do
 * not run at exactly the same speed, and the server rounds to its millisecond.
 */
export const deadlineOf = (sentAtMs: number, ttlMs: number): number =>
  sentAtMs + ttlMs - Math.ceil(ttlMs / 50) - 2;
