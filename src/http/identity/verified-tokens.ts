import { hash } from 'node:crypto';
import type { Clock } from '../../domain/ports.ts';
import { BoundedMap } from '../../shared/bounded-map.ts';

/** What a verification found, and until when it holds at the latest (wall clock, ms); 0 = it is not to be remembered. */
export interface Verification<T> {
  readonly value: T;
  readonly untilMs: number;
}

export interface VerifiedTokensOptions<T> {
  readonly verify: (token: string) => Promise<Verification<T>>;
  /** The wall clock ends what holds until then; how long it is believed goes by the other, which nobody sets. */
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** How long it is believed without another verification. */
  readonly cacheMs: number;
  /** Tokens remembered; the one that was asked for longest ago is forgotten first. */
  readonly tokensMax: number;
}

interface CacheEntry<T> extends Verification<T> {
  readonly cachedUntilMs: number;
}

/**
 * Remembers verifications, because a signature costs more than the rest of a request. Tokens are kept as hashes: a heap
 * dump holds none. What is asked for twice at a time is verified once.
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
