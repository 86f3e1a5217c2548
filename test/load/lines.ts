import { type ByName, totalOf } from './cpu-time.ts';
import type { Measured } from './measured.ts';
import { numberText } from './render-table.ts';
import type { Side } from './sides/side.ts';
import { median } from './statistics.ts';

/** Whose line it is. Sides of ours have ids that begin so. */
export const commonOf = (
  part: string,
  { id, name }: Pick<Side, 'id' | 'name'>,
): Pick<Measured, 'part' | 'sideId' | 'side' | 'ours'> => ({
  part,
  sideId: id,
  side: name,
  ours: id.startsWith('onsale'),
});

interface Costly {
  readonly cpuMicros: ByName;
}

/** What each took, without the load generator; the note has it by process. */
export const cpuFigure = (
  runs: readonly Costly[],
): Pick<Measured, 'figure' | 'unit' | 'values' | 'note'> => ({
  figure: 'CPU',
  unit: 'µs each',
  values: runs.map(({ cpuMicros }) => totalOf(cpuMicros)),
  note: cpuText(runs),
});

const cpuText = (runs: readonly Costly[]): string =>
  Object.keys(runs[0]?.cpuMicros ?? {})
    .map((name) => `${name} ${numberText(median(runs.map(({ cpuMicros }) => cpuMicros[name] ?? 0)))}`)
    .join(', ');
