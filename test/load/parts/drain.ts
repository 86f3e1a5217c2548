import type { Trial } from '../against/trial.ts';
import { appendBacklog } from '../append-backlog.ts';
import { fillByHttp } from '../fill-by-http.ts';
import { commonOf, cpuFigure } from '../lines.ts';
import {
  type Backlog,
  type DrainFigures,
  measureDrain,
  outcomeOfDrain,
  patientDoor,
} from '../measure-drain.ts';
import { numberText } from '../render-table.ts';
import { ourSide } from '../sides/our-side.ts';
import type { RunPart } from './part.ts';

/** A backlog that was built without a projector, and then one projector. */
export const drain: RunPart = async (bench) => {
  const { quick, count = quick ? 100_000 : 1_000_000 } = bench.asked;
  const side = ourSide();
  const runs: DrainFigures[] = [];
  for (let round = 0; round < (quick ? 1 : bench.asked.rounds); round += 1) {
    const gather: Backlog['gather'] = async ({ showId }) => {
      await appendBacklog({ ...bench.servers.urls, showId, customer: 'bench', entries: count });
      return count;
    };
    runs.push(await measureDrain(side, bench, { gather }));
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

export const drainTrials: readonly Trial[] = [
  {
    name: 'drain',
    play: async (build, bench) => {
      const { quick, count = quick ? 50_000 : 300_000 } = bench.asked;
      const gather: Backlog['gather'] = async ({ target }) => {
        await fillByHttp(target, { entries: count });
        return count;
      };
      return outcomeOfDrain(await measureDrain(ourSide({ build, env: patientDoor }), bench, { gather }));
    },
  },
];
