import { BoundedMap } from '../../shared/bounded-map.ts';

export interface RateLimit {
  readonly perSecond: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
}

export interface Allowance {
  readonly isAllowed: boolean;
  /** How many more may come right now. */
  readonly remaining: number;
  /** Until the next one is allowed, if this one was not; whole seconds. */
  readonly retryAfterSeconds: number;
  /** Until all of the burst is there again, if nothing comes; whole seconds. */
  readonly fullAfterSeconds: number;
}

export interface RateLimiterOptions {
  readonly limit: RateLimit;
  /** Only differences mean anything, ms. */
  readonly monotonicMs: () => number;
  /** Keys remembered; the one that was seen longest ago is forgotten first, and starts with a full burst again. */
  readonly keysMax: number;
}

export type RateLimiter = (key: string) => Allowance;

/** A token bucket a key, kept as one number: when the bucket will be full (the generic cell rate algorithm). */
export const newRateLimiter = ({ limit, monotonicMs, keysMax }: RateLimiterOptions): RateLimiter => {
  const fullAtMs = new BoundedMap<string, number>(keysMax);
  const eachMs = 1000 / limit.perSecond;
  const burstMs = eachMs * limit.burst;

  return (key) => {
    const now = monotonicMs();
    const missingMs = Math.max(0, (fullAtMs.get(key) ?? 0) - now);
    const isAllowed = missingMs + eachMs <= burstMs + roundingMs;
    const thenMs = isAllowed ? missingMs + eachMs : missingMs;
    fullAtMs.set(key, now + thenMs);
    return {
      isAllowed,
      remaining: Math.max(0, Math.floor((burstMs - thenMs + roundingMs) / eachMs)),
      retryAfterSeconds: isAllowed ? 0 : Math.max(1, Math.ceil((missingMs + eachMs - burstMs) / 1000)),
      fullAfterSeconds: Math.ceil(thenMs / 1000),
    };
  };
};

/** A third of a second has no exact number: without this, the last of a burst of three is lost to rounding. */
const roundingMs = 1e-6;
