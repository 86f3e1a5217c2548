import { otherAnswers, type Trial } from '../against/trial.ts';
import { cpuWhile, microsEach } from '../cpu-time.ts';
import { commonOf } from '../lines.ts';
import { bySender, planFor } from '../loaders.ts';
import { plenty, warmSecondsOf } from '../measure-throughput.ts';
import type { Measurement } from '../measured.ts';
import { numberText } from '../render-table.ts';
import { othersIn, sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendPlan, SendResult } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import type { OurRunningSide, OurSide, Target } from '../sides/side.ts';
import { whileRunning } from '../sides/while-running.ts';
import { median } from '../statistics.ts';
import type { Bench, RunPart } from './part.ts';

const requests = 1_000;
/** Answered 202 once they are durable. */
const accepted = { 'x-customer-id': 'customer-{n}' };
/** Answered 201 once they are decided. */
const decided = { ...accepted, prefer: 'wait=10' };

/**
 * A thousand requests for three places each, on one API process and on five: at the same moment, each on its own connection;
 * and one after the other, as the test of the server that this project descends from sends them.
 */
export const atOnce: RunPart = async (bench) => {
  const five = ourSide({ id: 'onsale-five-apis', name: 'onsale, five API processes', apis: 5 });
  return [...(await measuredOn(ourSide(), bench)), ...(await measuredOn(five, bench))];
};

const measuredOn = (side: OurSide, bench: Bench): Promise<readonly Measurement[]> =>
  whileRunning(side, { ...bench, capacity: plenty }, async (running) => {
    const { asked, say } = bench;
    const target = threePlaces(running.target);
    await bySender(decided, { otherOrigins: running.otherUrls })(target, {
      seconds: asked.quick ? 1 : 3,
      from: 0,
    });
    const bursts: SendResult[] = [];
    const turns: { readonly accepted: SendResult[]; readonly decided: SendResult[] } = {
      accepted: [],
      decided: [],
    };
    for (let round = 0; round < asked.rounds + 2; round += 1)
      bursts.push(await sendNext(running, round, { type: 'at-once', requests }, decided));
    // A thousand, one after the other, take ten seconds and more.
    for (let round = 0; round < (asked.quick ? 1 : asked.rounds); round += 1) {
      const next = 1_000 + 2 * round;
      turns.accepted.push(await sendNext(running, next, inTurn, accepted));
      turns.decided.push(await sendNext(running, next + 1, inTurn, decided));
    }
    say(
      `${side.name}: 1,000 at once: all in ${bursts.map(({ latency }) => numberText(latency.max)).join(', ')} ms`,
    );
    return [
      ...burstLines(side, bursts),
      ...turnLines(side, 'accepted', turns.accepted, 202),
      ...turnLines(side, 'decided', turns.decided, 201),
    ];
  });

const inTurn = { type: 'in-turn', requests } as const;

const burstLines = (side: OurSide, results: readonly SendResult[]): readonly Measurement[] => {
  const common = { ...commonOf('at-once', side), unit: 'ms' };
  const sender = numberText(Math.max(...results.map(({ cpuMs }) => cpuMs)));
  return [
    {
      ...common,
      figure: 'at once, p50',
      values: results.map(({ latency }) => latency.p50),
      note: unwanted(results, 201),
    },
    {
      ...common,
      figure: 'at once, all decided',
      values: results.map(({ latency }) => latency.max),
      note: `sender used ${sender} ms`,
    },
  ];
};

const turnLines = (
  side: OurSide,
  what: string,
  results: readonly SendResult[],
  status: number,
): readonly Measurement[] => {
  const common = { ...commonOf('at-once', side), unit: 'ms' };
  return [
    {
      ...common,
      figure: `one after the other, all ${what}`,
      values: results.map(({ seconds }) => seconds * 1_000),
      note: unwanted(results, status),
    },
    {
      ...common,
      figure: `one after the other, slowest ${what}`,
      values: results.map(({ latency }) => latency.max),
    },
  ];
};

const unwanted = (results: readonly SendResult[], status: number): string =>
  [...new Set(results.map((result) => unwantedIn(result, status)))].join(' ').trim();

/** Each round has numbers of its own. */
const sendNext = (
  { target, otherUrls }: OurRunningSide,
  round: number,
  load: SendPlan['load'],
  headers: SendPlan['headers'],
): Promise<SendResult> =>
  sendPlan({
    ...planFor(threePlaces(target), load),
    otherOrigins: otherUrls,
    headers: { ...target.headers, ...headers },
    from: 10_000_000 + round * requests,
  });

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
        await bySender(decided)(target, { seconds: warmSecondsOf(bench), from: 0 });
        const { cpuMs } = await cpuWhile({ ...running.pids(), ...bench.servers.pids }, async () => {
          for (let round = 0; round < bursts; round += 1)
            results.push(await sendNext(running, round, { type: 'at-once', requests }, decided));
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
