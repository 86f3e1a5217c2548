import { join } from 'node:path';
import { startBenchServers } from '../bench-servers.ts';
import { totalOf } from '../cpu-time.ts';
import type { Bench } from '../parts/part.ts';
import { numberText } from '../render-table.ts';
import type { Build } from '../sides/build.ts';
import { type Comparison, comparePairs } from './compare-pairs.ts';
import { verdictLines } from './comparison-text.ts';
import { inPairs, type Turn } from './in-pairs.ts';
import type { Outcome, Trial } from './trial.ts';

export interface BuildComparison {
  readonly trials: readonly Trial[];
  readonly builds: Readonly<Record<Turn, Build>>;
  readonly bench: Omit<Bench, 'servers'>;
  /** Directory for the data of each turn's servers. */
  readonly dir: string;
}

/**
 * Runs each trial in pairs. Each turn has a new Redis and MariaDB with the settings of the build. Chance
 * differences between server processes, such as their memory layout or pending clean-up, thus affect one turn
 * only.
 */
export const compareBuilds = async (plan: BuildComparison): Promise<readonly Comparison[]> => {
  const { rounds } = plan.bench.asked;
  const comparisons: Comparison[] = [];
  for (const trial of plan.trials) {
    if (trial.prepare) await onOwnServers(plan, 'before', trial.prepare);
    const pairs = await inPairs(rounds, async (turn, pair) => {
      const outcome = await onOwnServers(plan, turn, trial.play);
      const { name } = plan.builds[turn];
      plan.bench.say(`${trial.name}, pair ${pair + 1} of ${rounds}, ${name}: ${outcomeText(outcome)}`);
      return outcome;
    });
    const compared = comparePairs(trial.name, pairs);
    // Printed now and once more at the end, because a later trial may fail.
    for (const line of verdictLines(compared, plan.builds.before.name)) plan.bench.say(line);
    comparisons.push(...compared);
  }
  return comparisons;
};

const outcomeText = ({ cpuMicros, figures: [first] }: Outcome): string =>
  [
    `CPU ${numberText(totalOf(cpuMicros))} µs each`,
    ...(first ? [`${first.figure} ${numberText(first.value)} ${first.unit}`] : []),
  ].join(', ');

const onOwnServers = async <Result>(
  { builds, bench, dir }: BuildComparison,
  turn: Turn,
  work: (build: Build, bench: Bench) => Promise<Result>,
): Promise<Result> => {
  const build = builds[turn];
  const servers = await startBenchServers({ dir: join(dir, 'servers'), files: build.files });
  try {
    return await work(build, { ...bench, servers, say: () => undefined });
  } finally {
    await servers.stop();
  }
};
