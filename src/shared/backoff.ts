import type { Random } from '../domain/ports.ts';

export interface Backoff {
  /** The pause after the first failure, ms. It doubles with each further one. */
  readonly first: number;
  /** No pause is longer, ms. */
  readonly last: number;
}

/**
 * How long to wait after this many failures in a row, at least 1, before the next attempt; ms. The jitter, down to half
 * of the pause, keeps those that failed together from coming back together.
 */
export const backoffMs = (failures: number, { first, last }: Backoff, random: Random): number =>
  Math.min(last, first * 2 ** (failures - 1)) * (0.5 + random() / 2);
