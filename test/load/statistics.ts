/** The value at or below which `share` of the values lie, by nearest rank; NaN for an empty list. */
export const percentileOfSorted = (sorted: readonly number[], share: number): number => {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
};

/**
 * The value with `share` of the values below it, interpolated between two neighbours; NaN for an empty list.
 */
const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const lower = sorted[Math.floor(rank)] ?? Number.NaN;
  const upper = sorted[Math.ceil(rank)] ?? Number.NaN;
  return lower + (upper - lower) * (rank - Math.floor(rank));
};

/** The middle value, or the mean of the two middle ones; NaN for an empty list. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Half of the values lie between the two quartiles. */
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
 * The ratio of `one` to `other` over the rounds of one run: the median of each round's own ratio, because a
 * temporary disturbance of the machine affects both sides of a round.
 */
export const ratioByRound = (one: readonly number[], other: readonly number[]): number =>
  median(one.slice(0, other.length).map((value, round) => value / (other[round] ?? Number.NaN)));
