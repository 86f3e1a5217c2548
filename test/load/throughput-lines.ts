import { commonOf, cpuFigure } from './lines.ts';
import type { Throughput } from './measure-throughput.ts';
import type { Measurement } from './measured.ts';
import { numberText } from './render-table.ts';
import type { Side } from './sides/side.ts';
import { median } from './statistics.ts';

/** The lines of one side: committed, accepted, and the cost of each. */
export const throughputLines = (
  part: string,
  side: Side,
  runs: readonly Throughput[],
): readonly Measurement[] => {
  const common = commonOf(part, side);
  const of = (pick: (run: Throughput) => number): readonly number[] => runs.map(pick);
  return [
    {
      ...common,
      figure: 'committed',
      unit: '/s',
      values: of((run) => run.committedPerSecond),
      note: backlogText(runs),
    },
    {
      ...common,
      figure: 'accepted',
      unit: '/s',
      values: of((run) => run.acceptedPerSecond),
      note: latencyText(runs),
    },
    { ...common, ...cpuFigure(runs) },
  ];
};

const backlogText = (runs: readonly Throughput[]): string => {
  const trouble = runs.reduce((sum, { loaded }) => sum + loaded.refused + loaded.failed, 0);
  const backlog = `backlog ${numberText(median(runs.map((run) => run.backlog)))}`;
  return trouble > 0 ? `${backlog}, ${trouble} refused or failed` : backlog;
};

const latencyText = (runs: readonly Throughput[]): string =>
  `p50 ${numberText(median(runs.map(({ loaded }) => loaded.p50)))} ms, p99 ${numberText(median(runs.map(({ loaded }) => loaded.p99)))} ms`;
