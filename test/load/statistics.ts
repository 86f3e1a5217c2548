/** The value at or below which `share` of them lie, nearest rank; NaN for none. */
export const percentileOfSorted = (sorted: readonly number[], share: number): number => {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
};

/** The value that has `share` of them below it, between two neighbours where it falls there; NaN for none. */
const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const lower = sorted[Math.floor(rank)] ?? Number.NaN;
  const upper = sorted[Math.ceil(rank)] ?? Number.NaN;
  return lower + (upper - lower) * (rank - Math.floor(rank));
};

/** The middle one, or the mean of the middle two; NaN for none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Half of the values lie between these two. */
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  lowerQuartile: quantile(values, 0.25),
  upperQuartile: quantile(values, 0.75),
});

/**
 * How many times `one` is `other`, from the rounds of one run: each round's own ratio, and the median of those, because
 * what disturbs a machine for a while disturbs both sides of a round.
 */
export const ratioByRound = (one: readonly number[], other: readonly number[]): number =>
  median(one.slice(0, other.length).map((value, round) => value / (other[round] ?? Number.NaN)));
