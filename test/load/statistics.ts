/** The value at or below which `share` of them lie, nearest rank; NaN for none. */
export const percentileOfSorted = (sorted: readonly number[], share: number): number => {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
};

/** The middle one, or the mean of the middle two; NaN for none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
};

/**
 * How many times `one` is `other`, from the rounds of one run: each round's own ratio, and the median of those, because
 * what disturbs a machine for a while disturbs both sides of a round.
 */
export const ratioByRound = (one: readonly number[], other: readonly number[]): number =>
  median(one.slice(0, other.length).map((value, round) => value / (other[round] ?? Number.NaN)));
