import { otherAnswers, type Trial } from '../against/trial.ts';
import { cpuWhile, microsEach } from '../cpu-time.ts';
import { commonOf } from '../lines.ts';
import { bySender, planFor } from '../loaders.ts';
import { plenty, warmSecondsOf } from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { othersIn, sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendResult } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import type { Target } from '../sides/side.ts';
import { whileRunning } from '../sides/while-running.ts';
import { median } from '../statistics.ts';
import type { Bench, RunPart } from './part.ts';

const requests = 1_000;
const headers = { 'x-customer-id': 'customer-{n}', prefer: 'wait=10' };

/**
 * A thousand requests for three places each at the same moment, each on its own connection, until all are
 * decided.
 */
export const atOnce: RunPart = async ({ servers, asked, say }) => {
  const side = ourSide();
  const running = await side.start({ ...(await servers.fresh()), capacity: plenty });
  const target = threePlaces(running.target);
  const results: SendResult[] = [];
  try {
    await bySender(headers)(target, { seconds: asked.quick ? 1 : 3, from: 0 });
    for (let round = 0; round < asked.rounds + 2; round += 1) {
      const result = await burst(target, round);
      say(`1,000 at once: all in ${numberText(result.latency.max)} ms`);
      results.push(result);
    }
  } finally {
    await running.stop();
  }
  const note = [...new Set(results.map((result) => unwantedIn(result, 201)))].join(' ').trim();
  const sender = numberText(Math.max(...results.map(({ cpuMs }) => cpuMs)));
  return [
    { figure: 'answered, p50', pick: ({ latency }: SendResult) => latency.p50, note },
    {
      figure: 'all answered',
      pick: ({ latency }: SendResult) => latency.max,
      note: `sender used ${sender} ms`,
    },
  ].map(({ figure, pick, note: said }) => ({
    ...commonOf('at-once', side),
    figure,
    unit: 'ms',
    values: results.map(pick),
    note: said,
  }));
};

const burst = (target: Target, round: number): Promise<SendResult> => {
  const plan = { ...planFor(target, { type: 'at-once', requests }), from: 10_000_000 + round * requests };
  return sendPlan({ ...plan, headers: { ...target.headers, ...headers } });
};

// CPU time is counted in hundredths of a second: one burst uses about ten of them.
const burstsOf = ({ asked: { quick } }: Bench): number => (quick ? 3 : 20);

export const atOnceTrials: readonly Trial[] = [
  {
    name: '1,000 at once',
    play: async (build, bench) =>
      await whileRunning(ourSide({ build }), { ...bench, capacity: plenty }, async (running) => {
        const target = threePlaces(running.target);
        const bursts = burstsOf(bench);
        const results: SendResult[] = [];
        await bySender(headers)(target, { seconds: warmSecondsOf(bench), from: 0 });
        const { cpuMs } = await cpuWhile({ ...running.pids(), ...bench.servers.pids }, async () => {
          for (let round = 0; round < bursts; round += 1) results.push(await burst(target, round));
        });
        return {
          cpuMicros: microsEach(cpuMs, bursts * requests),
          figures: [
            { figure: 'all answered', unit: 'ms', value: median(results.map(({ latency }) => latency.max)) },
            otherAnswers(results.reduce((sum, result) => sum + othersIn(result, 201), 0)),
          ],
        };
      }),
  },
];

const threePlaces = (target: Target): Target => ({
  ...target,
  body: { ...target.body, lines: [{ poolId: 'stalls', quantity: 3 }] },
});
