import { tableOf } from '../../../src/cli/print/print-table.ts';
import { pairsToJudge } from '../read-arguments.ts';
import { numberText } from '../render-table.ts';
import type { Spread } from '../statistics.ts';
import { type Comparison, cpuFigure } from './compare-pairs.ts';

/**
 * "≥ 0.98 of before" means: the CPU time of a request is at most this many times that of the older commit.
 */
const limit = 1.02;

/** Every figure of both sides. */
export const comparisonTable = (comparisons: readonly Comparison[], commit: string): string =>
  tableOf(
    ['load', 'figure', 'unit', commit, 'now', `× of ${commit}`, 'half of the pairs', 'all pairs'],
    comparisons.map(({ load, figure, unit, before, now, ratio }) => [
      load,
      figure,
      unit,
      numberText(before),
      numberText(now),
      medianText(ratio.median),
      rangeText(ratio.lowerQuartile, ratio.upperQuartile),
      rangeText(ratio.min, ratio.max),
    ]),
  );

/** One line per load: the CPU time of all processes together, and whether it is within the limit. */
export const verdictLines = (comparisons: readonly Comparison[], commit: string): readonly string[] =>
  comparisons
    .filter(({ figure }) => figure === cpuFigure)
    .map(({ load, ratio, pairs }) => {
      const found = `${load}: CPU a request ${medianText(ratio.median)} × of ${commit}`;
      const range = rangeText(ratio.min, ratio.max);
      const half = rangeText(ratio.lowerQuartile, ratio.upperQuartile);
      const median = `median of ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`;
      return `${found} (${median}, ${range}, half of them ${half}): ${verdictOf(ratio, pairs)}`;
    });

const verdictOf = ({ median, lowerQuartile, upperQuartile }: Spread, pairs: number): string => {
  if (Number.isNaN(median)) return 'not known, for this system does not say what a process uses';
  // Compares figures as they are printed: 1.0204 is printed as 1.020.
  const isWithin = Number(median.toFixed(3)) <= limit;
  const doubts = [
    ...(pairs < pairsToJudge ? [`fewer than ${pairsToJudge} pairs do not count`] : []),
    ...(upperQuartile - lowerQuartile > limit - 1
      ? ['the pairs differ by more than the limit allows: more of them or a quieter machine say more']
      : []),
  ];
  const verdict = `${isWithin ? 'within' : 'above'} the limit of ${limit}`;
  return doubts.length === 0 ? verdict : `${verdict}, but ${doubts.join(', and ')}`;
};

// One digit more than is significant, so that 1.024 does not look like the limit of 1.02.
const medianText = (ratio: number): string => (Number.isFinite(ratio) ? ratio.toFixed(3) : '-');

const ratioText = (ratio: number): string => (Number.isFinite(ratio) ? ratio.toFixed(2) : '-');

const rangeText = (from: number, to: number): string =>
  Number.isFinite(from) && Number.isFinite(to) ? `${ratioText(from)}–${ratioText(to)}` : '-';
