import { totalOf } from '../cpu-time.ts';
import { median, type Spread, spreadOf } from '../statistics.ts';
import type { Pair } from './in-pairs.ts';
import type { Figure, Outcome } from './trial.ts';

/** A figure of both sides, and their ratio. */
export interface Comparison {
  readonly load: string;
  readonly figure: string;
  readonly unit: string;
  /** Medians over the pairs. */
  readonly before: number;
  readonly now: number;
  /** Over the pairs' own ratios: a temporary disturbance of the machine affects both turns of a pair. */
  readonly ratio: Spread;
  readonly pairs: number;
}

/** CPU time of all processes together, by which a change is judged. */
export const cpuFigure = 'CPU';

/** The total CPU time first, then that of each process, then the speed. */
export const comparePairs = (load: string, pairs: readonly Pair<Outcome>[]): readonly Comparison[] => {
  const figures = pairs.map(({ before, now }) => ({ before: figuresOf(before), now: figuresOf(now) }));
  const names = new Map(
    figures.flatMap(({ before, now }) => [...before, ...now].map(({ figure, unit }) => [figure, unit])),
  );
  return [...names].map(([figure, unit]) => {
    const before = figures.map((pair) => valueIn(pair.before, figure));
    const now = figures.map((pair) => valueIn(pair.now, figure));
    return {
      load,
      figure,
      unit,
      before: median(before),
      now: median(now),
      ratio: spreadOf(now.map((value, pair) => value / (before[pair] ?? Number.NaN))),
      pairs: pairs.length,
    };
  });
};

const unit = 'µs each';

const figuresOf = ({ cpuMicros, figures }: Outcome): readonly Figure[] => [
  { figure: cpuFigure, unit, value: totalOf(cpuMicros) },
  ...Object.entries(cpuMicros).map(([name, value]) => ({
    // The load generator is not part of the total.
    figure: name === 'load' ? 'beside it: load generator' : `${cpuFigure}, ${name}`,
    unit,
    value,
  })),
  ...figures,
];

const valueIn = (figures: readonly Figure[], name: string): number =>
  figures.find(({ figure }) => figure === name)?.value ?? Number.NaN;
