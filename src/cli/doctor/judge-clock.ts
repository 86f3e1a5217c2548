import { aheadOf } from '../../domain/server-time.ts';
import type { Want } from './line.ts';

/** What another clock said, and between which two looks at ours. */
export interface ClockLook {
  readonly theirsMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** Redis' clock decides; ours is in the ids we make, and judges tokens. */
export const clockMsMax = 1_000;

/** How far ahead the other clock is for certain; behind is negative. Within the time of the answer nobody can tell. */
const aheadMs = ({ theirsMs, askedAtMs, answeredAtMs }: ClockLook): number =>
  aheadOf({ lowerMs: askedAtMs, upperMs: answeredAtMs }, theirsMs);

export const aheadText = (exactMs: number): string => {
  const ms = Math.round(exactMs);
  if (ms === 0) return 'the same';
  return `${Math.abs(ms)} ms ${ms > 0 ? 'ahead' : 'behind'}`;
};

export const clockWant = (name: 'redis-clock' | 'mysql-clock', why: string): Want<ClockLook> => ({
  name,
  wanted: `within ${clockMsMax} ms of this host's`,
  why,
  cure: 'let all hosts follow the same time servers (chrony): docs/operating/clock-ahead.md',
  found: (look) => aheadText(aheadMs(look)),
  holds: (look) => Math.abs(aheadMs(look)) <= clockMsMax,
});
