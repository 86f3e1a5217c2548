import { BoundedMap } from '../../shared/bounded-map.ts';

export interface RateLimit {
  readonly perSecond: number;
  /** How many requests may come at once after a quiet time. */
  readonly burst: number;
}

export interface Allowance {
  readonly isAllowed: boolean;
  /** How many more requests are allowed at this moment. */
  readonly remaining: number;
  /** The time until the next request is allowed, if this one was not; whole seconds. */
  readonly retryAfterSeconds: number;
  /** The time until the whole burst is available again, if no request comes; whole seconds. */
  readonly fullAfterSeconds: number;
}

export interface RateLimiterOptions {
  readonly limit: RateLimit;
  /** Milliseconds; only differences matter. */
  readonly monotonicMs: () => number;
  /**
   * The number of keys in the cache. The least recently used key is evicted first, and starts with a full
   * burst again.
   */
  readonly keysMax: number;
}

export type RateLimiter = (key: string) => Allowance;

/**
 * A token bucket for each key, stored as one number: the time at which the bucket will be full (the generic
 * cell rate algorithm).
 */
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

/**
 * A third of a second has no exact number: without this tolerance, rounding would refuse the last request of
 * a burst of three.
 */
const roundingMs = 1e-6;
