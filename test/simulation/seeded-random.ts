import type { Random } from '../../src/domain/ports.ts';
import { hashOfText } from './hash-of-text.ts';

/** All randomness of a simulated run, from one seed. */
export interface SeededRandom {
  readonly next: Random;
  /** A whole number below `limit`. */
  below(limit: number): number;
  between(low: number, high: number): number;
  chance(share: number): boolean;
  pick<const Value>(values: readonly [Value, ...Value[]]): Value;
  /** An independent source, so that the draws of one part do not change those of another. */
  fork(name: string): SeededRandom;
}

/** sfc32: it passes the usual tests of randomness and needs only a few additions per number. */
const newGenerator = (seed: string): Random => {
  let [a, b, c, count] = [hashOfText(`a${seed}`), hashOfText(`b${seed}`), hashOfText(`c${seed}`), 1];
  const next = (): number => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
};

export const newSeededRandom = (seed: string): SeededRandom => {
  const next = newGenerator(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    chance: (share) => next() < share,
    pick: (values) => values[below(values.length)] ?? values[0],
    fork: (name) => newSeededRandom(`${seed}/${name}`),
  };
};
