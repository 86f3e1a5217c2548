import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

export interface RemoteKeysOptions {
  readonly url: URL;
  /** In ms; only differences count. A wall clock that is set back would keep old keys for that much longer. */
  readonly monotonicMs: () => number;
  readonly onFetchFailed: (error: unknown) => void;
}

const fetchMsMax = 5_000;
/** Older keys are fetched again in the background, so that a removed key is soon rejected. */
const freshMs = 10 * 60_000;
/** How long keys are used while the address is unavailable. Tokens seldom live longer, and no new ones are issued then. */
const usableMs = 60 * 60_000;
/** The pause between fetches for unknown keys: anybody can make a token that names one. */
const unknownKeyMs = 30_000;
/** The pause after a failed fetch. */
const failureMs = 1_000;

/** The keys cannot be fetched, so the token can be neither accepted nor rejected. */
export class KeysUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the keys that tokens are verified with cannot be fetched', options);
    this.name = 'KeysUnavailable';
  }
}

/**
 * The keys at a JWKS address. jose fetches them, with one request for all concurrent callers; this code
 * decides when.
 */
export const newRemoteKeys = ({ url, monotonicMs, onFetchFailed }: RemoteKeysOptions): JWTVerifyGetKey => {
  const never = Number.POSITIVE_INFINITY;
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: fetchMsMax,
    cacheMaxAge: never,
    cooldownDuration: never,
  });
  let fetchedAtMs = -never;
  let triedAtMs = -never;
  let failure: unknown;
  let pending: Promise<void> | undefined;

  const fetchKeys = async (): Promise<void> => {
    try {
      await keys.reload();
      fetchedAtMs = monotonicMs();
      failure = undefined;
    } catch (error) {
      failure = error;
      onFetchFailed(error);
    } finally {
      triedAtMs = monotonicMs();
      pending = undefined;
    }
  };
  /** Rejects when the last fetch failed. */
  const refresh = async (pauseMs: number): Promise<void> => {
    if (pending === undefined && monotonicMs() - triedAtMs >= (failure === undefined ? pauseMs : failureMs))
      pending = fetchKeys();
    await pending;
    if (failure !== undefined) throw new KeysUnavailable({ cause: failure });
  };

  return async (header, token) => {
    const ageMs = monotonicMs() - fetchedAtMs;
    if (ageMs >= usableMs) await refresh(0);
    else if (ageMs >= freshMs) refresh(0).catch(() => undefined);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh(unknownKeyMs);
      return await keys(header, token);
    }
  };
};
