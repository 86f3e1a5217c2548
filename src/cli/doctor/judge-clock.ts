import { aheadOf } from '../../domain/server-time.ts';
import type { ReplicaSnapshot } from '../../log/inspect/inspect-replicas.ts';
import { type Line, lineOf, type Want, worstOf } from './line.ts';

/** The time of another clock, and our own time just before and just after it was read. */
export interface ClockSample {
  readonly theirsMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/**
 * Redis' clock decides. Our own clock is in the ids we make, and the times in tokens are compared with it.
 */
const clockMsMax = 1_000;

/** How far the other clock is certainly ahead; negative when it is behind. A difference within the round trip is not measurable. */
const aheadMs = ({ theirsMs, askedAtMs, answeredAtMs }: ClockSample): number =>
  aheadOf({ lowerMs: askedAtMs, upperMs: answeredAtMs }, theirsMs);

const aheadText = (exactMs: number): string => {
  const ms = Math.round(exactMs);
  if (ms === 0) return 'the same';
  return `${Math.abs(ms)} ms ${ms > 0 ? 'ahead' : 'behind'}`;
};

export const clockWant = (name: 'redis-clock' | 'mysql-clock', why: string): Want<ClockSample> => ({
  name,
  wanted: `within ${clockMsMax} ms of this host's`,
  why,
  cure: 'let all hosts follow the same time servers (chrony): docs/operating/clock-ahead.md',
  found: (look) => aheadText(aheadMs(look)),
  holds: (look) => Math.abs(aheadMs(look)) <= clockMsMax,
});

const replicaClockWant: Want<ReplicaSnapshot | 'none'> = {
  name: 'replica-clock',
  wanted: `within ${clockMsMax} ms of its master's`,
  why: 'after a fail-over its clock is the one that decides: behind, streams run ahead of it; ahead, sales and holds end early',
  cure: 'let all hosts follow the same time servers (chrony): docs/operating/clock-ahead.md',
  found: (look) => {
    if (look === 'none') return 'no replica';
    return look.aheadMs === undefined ? 'cannot be asked from here' : aheadText(look.aheadMs);
  },
  // A replica may be in a network that this host cannot reach; that is not a fault.
  holds: (look) => look === 'none' || Math.abs(look.aheadMs ?? 0) <= clockMsMax,
};

export const judgeReplicaClocks = (replicas: readonly ReplicaSnapshot[]): Line =>
  replicas.length === 0
    ? lineOf(replicaClockWant, 'none')
    : worstOf(replicas.map((look) => ({ ...lineOf(replicaClockWant, look), address: look.address })));
