/** Begin and end, by performance.now(). */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Gap extends Span {
  readonly ms: number;
}

/** Times without a decision while load ran, including those at its beginning and end. */
export const gapsOf = (decidedAtMs: readonly number[], load: Span): readonly Gap[] => {
  const within = decidedAtMs.filter((atMs) => atMs >= load.fromMs && atMs <= load.toMs);
  const marks = [load.fromMs, ...within, load.toMs];
  return marks.slice(1).map((toMs, index) => {
    const fromMs = marks[index] ?? load.fromMs;
    return { fromMs, toMs, ms: Math.round(toMs - fromMs) };
  });
};

export const longestGap = (gaps: readonly Gap[]): number =>
  gaps.reduce((most, { ms }) => Math.max(most, ms), 0);

/** The longest gap that overlaps the span. */
export const longestGapWithin = (gaps: readonly Gap[], span: Span): number =>
  longestGap(gaps.filter(({ fromMs, toMs }) => fromMs < span.toMs && toMs > span.fromMs));
