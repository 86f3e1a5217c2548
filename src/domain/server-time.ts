/** A reading of another machine's clock (ms since the epoch), taken between two moments of our monotonic clock. */
export interface ServerTime {
  readonly timeMs: number;
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** The clock of the other machine is now between these two moments, both included. */
export interface TimeBounds {
  readonly lowerMs: number;
  readonly upperMs: number;
}

/**
 * How long a reading is valid. While a machine's time is corrected gradually, its clocks run up to 8.3 % too fast or too
 * slow (chrony's limit), the monotonic clock as well, and the other machine's clocks may do the opposite. In five seconds
 * that comes to 0.83 s at most, which is within the second of tolerance used everywhere here.
 */
const validMs = 5_000;

/** Undefined when the reading is too old. */
export const boundsAt = (
  { timeMs, sentMs, answeredMs }: ServerTime,
  monotonicMs: number,
): TimeBounds | undefined =>
  monotonicMs - sentMs > validMs
    ? undefined
    : { lowerMs: timeMs + (monotonicMs - answeredMs), upperMs: timeMs + (monotonicMs - sentMs) };

/** By how much a clock that shows `ownMs` is certainly ahead of the bounds: negative when it lags, 0 within them. */
export const aheadOf = (bounds: TimeBounds, ownMs: number): number =>
  certainlyAhead({ lowerMs: ownMs, upperMs: ownMs }, bounds);

/** The same for two clocks, neither of which is ours. */
export const certainlyAhead = (one: TimeBounds, other: TimeBounds): number =>
  one.upperMs < other.lowerMs ? one.upperMs - other.lowerMs : Math.max(0, one.lowerMs - other.upperMs);
