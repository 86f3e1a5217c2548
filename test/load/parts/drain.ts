import { appendBacklog } from '../append-backlog.ts';
import { type ByName, cpuWhile, microsEach } from '../cpu-time.ts';
import { commonOf, cpuFigure } from '../lines.ts';
import { plenty } from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { ourSide } from '../sides/our-side.ts';
import { untilDecided } from '../until-decided.ts';
import type { Bench, RunPart } from './part.ts';

interface Drained {
  readonly perSecond: number;
  readonly cpuMicros: ByName;
}

/** A backlog that gathered while there was no projector, and then one projector. */
export const drain: RunPart = async (bench) => {
  const { quick, count = quick ? 100_000 : 1_000_000 } = bench.asked;
  const side = ourSide();
  const runs: Drained[] = [];
  for (let round = 0; round < (quick ? 1 : bench.asked.rounds); round += 1) {
    runs.push(await drained(bench, count));
    bench.say(`drained ${numberText(runs.at(-1)?.perSecond ?? 0)}/s`);
  }
  const common = commonOf('drain', side);
  return [
    {
      ...common,
      figure: 'drained',
      unit: '/s',
      values: runs.map(({ perSecond }) => perSecond),
      note: `${numberText(count)} entries`,
    },
    { ...common, ...cpuFigure(runs) },
  ];
};

/** Timed from the first batch, so that a process's start is not taken for slowness. */
const drained = async ({ servers }: Bench, count: number): Promise<Drained> => {
  const urls = await servers.fresh();
  const running = await ourSide().start({ ...urls, capacity: plenty });
  try {
    await running.stopProjectors();
    const before = await running.decided();
    await appendBacklog({ ...urls, showId: running.showId, customer: 'bench', entries: count });
    await running.startProjectors();
    await untilDecided(running, before + 1);
    const first = await running.decided();
    const began = performance.now();
    const pids = { ...running.pids(), ...servers.pids };
    const { cpuMs } = await cpuWhile(pids, () => untilDecided(running, before + count));
    const entries = before + count - first;
    return {
      perSecond: (entries * 1_000) / (performance.now() - began),
      cpuMicros: microsEach(cpuMs, entries),
    };
  } finally {
    await running.stop();
  }
};
