/** What another machine's clock said, ms since the epoch, and between which moments of our monotonic clock it did. */
export interface ServerTime {
  readonly timeMs: number;
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** Between which two moments, both included, the clock of the other machine is now. */
export interface TimeBounds {
  readonly lowerMs: number;
  readonly upperMs: number;
}

/**
 * How long an answer says something of now. While a machine's clock is set right slowly, its clocks run up to 8.3 %
 * too fast or too slow (what chrony allows itself), the monotonic one as well, and the other machine's may do the opposite.
 * In five seconds that comes to 0.83 s at most, which is within the second that everything here allows for.
 */
const validMs = 5_000;

/** Undefined once the answer is too old to be believed. */
export const boundsAt = (
  { timeMs, sentMs, answeredMs }: ServerTime,
  monotonicMs: number,
): TimeBounds | undefined =>
  monotonicMs - sentMs > validMs
    ? undefined
    : { lowerMs: timeMs + (monotonicMs - answeredMs), upperMs: timeMs + (monotonicMs - sentMs) };

/** How far a clock that shows `ownMs` is ahead of those bounds for certain; behind is negative, within them 0. */
export const aheadOf = (bounds: TimeBounds, ownMs: number): number =>
  certainlyAhead({ lowerMs: ownMs, upperMs: ownMs }, bounds);

/** The same of two clocks, neither of which is ours. */
export const certainlyAhead = (one: TimeBounds, other: TimeBounds): number =>
  one.upperMs < other.lowerMs ? one.upperMs - other.lowerMs : Math.max(0, one.lowerMs - other.upperMs);
