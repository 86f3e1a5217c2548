import type { Measurement, RatedMeasurement } from './measured.ts';
import { median, ratioByRound } from './statistics.ts';

/** Each line with its statistics, compared with the first line of ours with the same part and figure. */
export const rate = (lines: readonly Measurement[]): readonly RatedMeasurement[] =>
  lines.map((line) => {
    const { part, figure, values } = line;
    const base = lines.find((other) => other.ours && other.part === part && other.figure === figure);
    return {
      ...line,
      median: median(values),
      min: Math.min(...values),
      max: Math.max(...values),
      ratio: base === undefined || base === line ? undefined : ratioOf(line, base),
    };
  });

const ratioOf = (line: Measurement, base: Measurement): number =>
  line.ours ? ratioByRound(line.values, base.values) : ratioByRound(base.values, line.values);
