import { story } from './load-curve.ts';
import type { Timeline } from './timeline.ts';

const columns = 96;
const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const eighths = blocks.length - 1;

/** The maximum of each column; undefined if it has no sample. */
export const inColumns = (
  seen: readonly { readonly atSeconds: number; readonly value: number }[],
  count = columns,
): readonly (number | undefined)[] => {
  const most: (number | undefined)[] = Array.from({ length: count });
  for (const { atSeconds, value } of seen) {
    const column = Math.min(count - 1, Math.floor((atSeconds / story.seconds) * count));
    most[column] = Math.max(most[column] ?? 0, value);
  }
  return most;
};

/** Bars of at most `rows` rows, which the highest value fills; any value above zero is visible. */
export const barsOf = (values: readonly (number | undefined)[], rows: number): readonly string[] => {
  const highest = Math.max(1, ...values.map((value) => value ?? 0));
  const heights = values.map((value = 0) =>
    value > 0 ? Math.max(1, Math.round((value / highest) * rows * eighths)) : 0,
  );
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * eighths;
    return heights.map((height) => blocks[Math.min(eighths, Math.max(0, height - below))] ?? ' ').join('');
  });
};

interface Panel {
  readonly name: string;
  readonly rows: number;
  readonly unit: string;
  readonly seen: readonly { readonly atSeconds: number; readonly value: number }[];
}

const panelsOf = ({ moments, handOvers }: Timeline): readonly Panel[] => {
  const of = (pick: 'lag' | 'wanted' | 'running') =>
    moments.map((moment) => ({ atSeconds: moment.atSeconds, value: moment[pick] }));
  const gaps = handOvers.map(({ atSeconds, gapMs }) => ({ atSeconds, value: gapMs }));
  return [
    { name: 'lag', rows: 6, unit: 'entries', seen: of('lag') },
    { name: 'wanted', rows: 3, unit: 'projectors', seen: of('wanted') },
    { name: 'running', rows: 3, unit: 'projectors', seen: of('running') },
    { name: 'hand-over gaps', rows: 3, unit: 'ms', seen: gaps },
  ];
};

/** For a terminal: the panels one below the other, over the minutes of the story. */
export const drawText = (timeline: Timeline): string =>
  [...panelsOf(timeline).flatMap(textOf), axis()].join('\n');

const textOf = ({ name, rows, unit, seen }: Panel): readonly string[] => {
  const highest = seen.reduce((most, { value }) => Math.max(most, value), 0);
  const bars = barsOf(inColumns(seen), rows).map((row) => `|${row}`);
  return [`${name}, at most ${Math.round(highest)} ${unit}`, ...bars, `+${'-'.repeat(columns)}`];
};

const axis = (): string => {
  const last = String(story.seconds / 60);
  return ` 0${'minutes of the story'.padStart(columns / 2 + 10).padEnd(columns - 1 - last.length)}${last}`;
};
