import { hash } from 'node:crypto';

/** What a verification found, and until when it may be believed without another one (wall clock, ms). */
export interface Verified<T> {
  readonly value: T;
  readonly untilMs: number;
}

export interface VerifiedTokensOptions<T> {
  readonly verify: (token: string) => Promise<Verified<T>>;
  readonly nowMs: () => number;
  /** Tokens remembered; the one that was asked for longest ago is forgotten first. */
  readonly tokensMax: number;
}

/**
 * Remembers verifications, because a signature costs more than the rest of a request. Tokens are kept as hashes: a heap
 * dump holds none. What is asked for twice at a time is verified once.
 */
export const newVerifiedTokens = <T>(
  options: VerifiedTokensOptions<T>,
): ((token: string) => T | Promise<T>) => {
  const { verify, nowMs, tokensMax } = options;
  const known = new Map<string, Verified<T>>();
  const pending = new Map<string, Promise<T>>();

  const remember = (key: string, verified: Verified<T>): void => {
    known.delete(key);
    known.set(key, verified);
    if (known.size <= tokensMax) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      return;
    }
  };
  const verifyNow = async (key: string, token: string): Promise<T> => {
    try {
      const verified = await verify(token);
      if (verified.untilMs > nowMs()) remember(key, verified);
      return verified.value;
    } finally {
      pending.delete(key);
    }
  };

  return (token) => {
    const key = hash('sha256', token, 'base64');
    const found = known.get(key);
    if (found && found.untilMs > nowMs()) {
      remember(key, found);
      return found.value;
    }
    const asked = pending.get(key) ?? verifyNow(key, token);
    pending.set(key, asked);
    return asked;
  };
};
