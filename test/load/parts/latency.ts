import { otherAnswers, type Trial } from '../against/trial.ts';
import { measureAnswers } from '../answers.ts';
import { commonOf } from '../lines.ts';
import { byAutocannon, planFor } from '../loaders.ts';
import { measureThroughput, plenty, warmSecondsOf } from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { othersIn, sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendResult } from '../sender/plan.ts';
import { ownBuild } from '../sides/build.ts';
import { ourSide } from '../sides/our-side.ts';
import type { RunningSide } from '../sides/side.ts';
import { whileRunning } from '../sides/while-running.ts';
import type { Bench, RunPart } from './part.ts';

const wait = { prefer: 'wait=10' };

/**
 * Time from the moment when a POST was due to its decision, in an open loop at half of the sustained rate of
 * this machine.
 */
export const latency: RunPart = async (bench) => {
  const { quick, seconds = quick ? 4 : 20, rounds } = bench.asked;
  const side = ourSide();
  const rate = Math.round((await sustainedRate(bench)) / 2);
  const running = await side.start({ ...(await bench.servers.fresh()), capacity: plenty });
  const results: SendResult[] = [];
  try {
    await sendPlan(waitingPlan(running, { type: 'open', rate, seconds: warmSecondsOf(bench) }));
    for (let round = 0; round < rounds; round += 1) {
      const result = await sendPlan(waitingPlan(running, { type: 'open', rate, seconds }));
      bench.say(
        `${rate}/s: p50 ${numberText(result.latency.p50)} ms, p99 ${numberText(result.latency.p99)} ms`,
      );
      results.push(result);
    }
  } finally {
    await running.stop();
  }
  const note = [
    `${rate}/s, open loop`,
    ...results.map((result) => unwantedIn(result, 201)).filter((text) => text !== ''),
  ].join(', ');
  return (['p50', 'p99', 'max'] as const).map((which) => ({
    ...commonOf('latency', side),
    figure: `POST to committed, ${which}`,
    unit: 'ms',
    values: results.map((result) => result.latency[which]),
    note,
  }));
};

export const latencyTrials: readonly Trial[] = [
  {
    name: 'half of the rate, waiting',
    prepare: async (build, bench) => {
      bench.found.committedPerSecond = await sustainedRate(bench, build);
    },
    play: async (build, bench) => {
      const { quick, seconds = quick ? 4 : 20 } = bench.asked;
      const rate = Math.round((await sustainedRate(bench)) / 2);
      return await whileRunning(ourSide({ build }), { ...bench, capacity: plenty }, async (running) => {
        await sendPlan(waitingPlan(running, { type: 'open', rate, seconds: warmSecondsOf(bench) }));
        const plan = waitingPlan(running, { type: 'open', rate, seconds });
        const { result, cpuMicros } = await measureAnswers(running, plan, bench);
        const { p50, p99 } = result.latency;
        return {
          cpuMicros,
          figures: [
            { figure: 'p50', unit: 'ms', value: p50 },
            { figure: 'p99', unit: 'ms', value: p99 },
            otherAnswers(othersIn(result, 201)),
          ],
        };
      });
    },
  },
];

/** The rate that `throughput` found, or a measurement made for this purpose. */
const sustainedRate = async (bench: Bench, build = ownBuild): Promise<number> => {
  if (bench.found.committedPerSecond !== undefined) return bench.found.committedPerSecond;
  const seconds = bench.asked.quick ? 3 : 10;
  const options = { ...bench, load: byAutocannon, seconds, warmSeconds: warmSecondsOf(bench) };
  return (await measureThroughput(ourSide({ build }), options)).committedPerSecond;
};

const waitingPlan = ({ target }: RunningSide, load: Parameters<typeof planFor>[1]) => ({
  ...planFor(target, load),
  headers: { ...target.headers, ...wait },
});
