import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import type { Machine } from '../load/machine.ts';
import { drawSvg } from './draw-svg.ts';
import type { ScalePerformance } from './play.ts';
import type { Arguments } from './read-arguments.ts';

export interface Verdict {
  readonly decisions: number;
  /** Every broken promise, with what broke it. */
  readonly broken: readonly string[];
}

const shownMax = 10;

/** The result of a run, one line per figure. */
export const summaryOf = (
  { moments, handOvers, crowd }: ScalePerformance,
  judged: Verdict,
): readonly string[] => {
  const most = (pick: 'lag' | 'wanted' | 'running'): number =>
    moments.reduce((highest, moment) => Math.max(highest, moment[pick]), 0);
  const gaps = handOvers.map(({ gapMs }) => gapMs).sort((a, b) => a - b);
  const { broken, decisions } = judged;
  return [
    `lag at most ${most('lag')}, wanted at most ${most('wanted')}, running at most ${most('running')}`,
    `${gaps.length} hand-overs of a partition: ${gaps[gaps.length >> 1] ?? 0} ms in the median, ${gaps.at(-1) ?? 0} ms at most`,
    `${crowd} asked for by the crowd; ${decisions} decisions audited`,
    ...(broken.length === 0 ? ['every promise was kept'] : [`BROKEN: ${broken.length}`]),
    ...broken.slice(0, shownMax),
  ];
};

export interface TimelineReport {
  readonly startedAt: string;
  readonly given: Arguments;
  readonly factor: number;
  readonly machine: Machine;
  readonly summary: readonly string[];
}

/** Writes the play as figures and as a picture, next to the benchmarks. Returns the paths. */
export const writeTimeline = (played: ScalePerformance, writing: TimelineReport): readonly string[] => {
  const { startedAt, given, factor, machine, summary } = writing;
  const dir = join(paths.root, 'docs/benchmarks');
  mkdirSync(dir, { recursive: true });
  const { minutes, rate, most } = given;
  const command = `npm run scale -- --minutes ${minutes} --rate ${rate} --most ${most} --write`;
  const moments = played.moments.map((moment) => ({ ...moment, atSeconds: Math.round(moment.atSeconds) }));
  const handOvers = played.handOvers.map((one) => ({ ...one, atSeconds: Math.round(one.atSeconds) }));
  const json = { startedAt, command, factor, machine, summary, moments, handOvers };
  const files = [
    ['scale.json', `${JSON.stringify(json, undefined, 1)}\n`],
    ['scale.svg', drawSvg(played, 'Lag, projectors and hand-overs over an on-sale that was played')],
  ] as const;
  for (const [name, text] of files) writeFileSync(join(dir, name), text);
  return files.map(([name]) => `docs/benchmarks/${name}`);
};
