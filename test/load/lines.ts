import { type ByName, totalOf } from './cpu-time.ts';
import type { Measurement } from './measured.ts';
import { numberText } from './render-table.ts';
import type { Side } from './sides/side.ts';
import { median } from './statistics.ts';

/** The common fields of a line: its part and side. The ids of our sides begin with "onsale". */
export const commonOf = (
  part: string,
  { id, name }: Pick<Side, 'id' | 'name'>,
): Pick<Measurement, 'part' | 'sideId' | 'side' | 'ours'> => ({
  part,
  sideId: id,
  side: name,
  ours: id.startsWith('onsale'),
});

interface CpuCost {
  readonly cpuMicros: ByName;
}

/** CPU time per item without the load generator; the note has it by process. */
export const cpuFigure = (
  runs: readonly CpuCost[],
): Pick<Measurement, 'figure' | 'unit' | 'values' | 'note'> => ({
  figure: 'CPU',
  unit: 'µs each',
  values: runs.map(({ cpuMicros }) => totalOf(cpuMicros)),
  note: cpuText(runs),
});

const cpuText = (runs: readonly CpuCost[]): string =>
  Object.keys(runs[0]?.cpuMicros ?? {})
    .map((name) => `${name} ${numberText(median(runs.map(({ cpuMicros }) => cpuMicros[name] ?? 0)))}`)
    .join(', ');
