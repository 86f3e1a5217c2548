import { hash } from 'node:crypto';
import type { Clock } from '../../domain/ports.ts';
import { BoundedMap } from '../../shared/bounded-map.ts';

/** The result of a verification, and until when it is valid (wall clock, ms); 0 = not to be cached. */
export interface Verification<T> {
  readonly value: T;
  readonly untilMs: number;
}

export interface VerifiedTokensOptions<T> {
  readonly verify: (token: string) => Promise<Verification<T>>;
  /**
   * The wall clock ends validity. The age of a cache entry is measured by the monotonic clock, which cannot
   * be set.
   */
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** How long a result is used without another verification. */
  readonly cacheMs: number;
  /** Tokens in the cache; the least recently used one is evicted first. */
  readonly tokensMax: number;
}

interface CacheEntry<T> extends Verification<T> {
  readonly cachedUntilMs: number;
}

/**
 * Caches verifications, because checking a signature costs more than the rest of a request. Tokens are kept as hashes, so a
 * heap dump contains none. Concurrent calls with one token verify it once.
 */
export const newVerifiedTokens = <T>(
  options: VerifiedTokensOptions<T>,
): ((token: string) => T | Promise<T>) => {
  const { verify, clock, cacheMs, tokensMax } = options;
  const known = new BoundedMap<string, CacheEntry<T>>(tokensMax);
  const pending = new Map<string, Promise<T>>();

  const holds = ({ untilMs, cachedUntilMs }: CacheEntry<T>): boolean =>
    untilMs > clock.nowMs() && cachedUntilMs > clock.monotonicMs();
  const verifyNow = async (key: string, token: string): Promise<T> => {
    try {
      const cachedUntilMs = clock.monotonicMs() + cacheMs;
      const verified = { ...(await verify(token)), cachedUntilMs };
      if (holds(verified)) known.set(key, verified);
      return verified.value;
    } finally {
      pending.delete(key);
    }
  };

  return (token) => {
    const key = hash('sha256', token, 'base64');
    const found = known.get(key);
    if (found && holds(found)) {
      known.set(key, found);
      return found.value;
    }
    const verification = pending.get(key) ?? verifyNow(key, token);
    pending.set(key, verification);
    return verification;
  };
};
