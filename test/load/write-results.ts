import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { drawChart } from './draw-chart.ts';
import type { PromiseCheck } from './kept.ts';
import type { Machine } from './machine.ts';
import type { RatedMeasurement } from './measured.ts';

export interface Results {
  readonly startedAt: string;
  readonly command: string;
  readonly machine: Machine;
  readonly lines: readonly RatedMeasurement[];
  readonly kept: ReadonlyMap<string, PromiseCheck>;
}

const fewestToDraw = 2;

/**
 * Writes one JSON file per part, and a chart of the part's first figure if there is something to compare.
 * Running one part again leaves the files of the others as they are. Returns the paths.
 */
export const writeResults = (results: Results): readonly string[] => {
  const dir = join(paths.root, 'docs/benchmarks');
  mkdirSync(dir, { recursive: true });
  return [...new Set(results.lines.map(({ part }) => part))].flatMap((part) => {
    const lines = results.lines.filter((line) => line.part === part);
    const files = [[`${part}.json`, `${JSON.stringify(jsonOf(lines, results), undefined, 2)}\n`]];
    const drawn = lines.filter(({ figure }) => figure === lines[0]?.figure);
    if (drawn.length >= fewestToDraw) files.push([`${part}.svg`, drawChart(drawn, results.kept)]);
    for (const [name = '', text = ''] of files) writeFileSync(join(dir, name), text);
    return files.map(([name]) => `docs/benchmarks/${name}`);
  });
};

const jsonOf = (lines: readonly RatedMeasurement[], { startedAt, command, machine, kept }: Results) => ({
  startedAt,
  command,
  machine,
  lines: lines.map((line) => ({
    ...line,
    values: line.values.map(rounded),
    median: rounded(line.median),
    min: rounded(line.min),
    max: rounded(line.max),
    ...(line.ratio !== undefined && { ratio: rounded(line.ratio) }),
    kept: kept.get(line.sideId) ?? 'not looked at',
  })),
});

/** Digits beyond the precision of the measurement would only show false differences. */
const rounded = (value: number): number => Number(value.toPrecision(5));
