import { reserved } from '../../support/client.ts';
import type { Trial } from '../against/trial.ts';
import { answerLines, measureAnswers, outcomeOfAnswers } from '../answers.ts';
import { appendBacklog } from '../append-backlog.ts';
import { fillByHttp } from '../fill-by-http.ts';
import { inTurns } from '../in-turns.ts';
import { connections } from '../loaders.ts';
import { patientDoor } from '../measure-drain.ts';
import { plenty, warmSecondsOf } from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { sendPlan } from '../send-plan.ts';
import type { SendPlan } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import { peerSide } from '../sides/peer-side.ts';
import type { OurRunningSide, Target } from '../sides/side.ts';
import { whileRunning } from '../sides/while-running.ts';
import { untilDecided } from '../until-decided.ts';
import type { RunPart } from './part.ts';

const idsMax = 50_000;
const customer = 'bench';

/** GET by id over many reservations, compared with the same HTTP server that answers without a lookup. */
export const reads: RunPart = async (bench) => {
  const { quick, rounds, count = quick ? 20_000 : 1_000_000, seconds = quick ? 2 : 10 } = bench.asked;
  const [ours, constant] = [ourSide(), peerSide('constant')];
  const urls = await bench.servers.fresh();
  const running = await ours.start({ ...urls, capacity: plenty });
  const beside = await constant.start({ ...urls, capacity: plenty });
  try {
    const before = await running.decided();
    const backlog = { ...urls, showId: running.showId, customer, entries: count };
    const ids = await appendBacklog(backlog, idsMax);
    await untilDecided(running, before + count);
    const started = [
      { ...ours, at: running },
      { ...constant, at: beside },
    ];
    for (const { at } of started) await sendPlan(planOf(at.target, ids, warmSecondsOf(bench)));
    const measured = await inTurns(started, rounds, async ({ name, at }) => {
      const answers = await measureAnswers(at, planOf(at.target, ids, seconds), bench);
      bench.say(`${name}: ${numberText(answers.perSecond)} reads/s`);
      return answers;
    });
    const note = `${numberText(count)} reservations`;
    const wanted = { part: 'reads', figure: 'read by id', status: 200, note };
    return [...measured].flatMap(([side, runs]) => answerLines(wanted, side, runs));
  } finally {
    await Promise.all([running.stop(), beside.stop()]);
  }
};

const planOf = ({ url }: Target, texts: readonly string[], seconds: number): SendPlan => {
  const { origin, pathname } = new URL(url);
  return {
    origin,
    method: 'GET',
    path: `${pathname}/{n}`,
    headers: { 'x-customer-id': customer },
    texts,
    load: { type: 'closed', connections, seconds },
  };
};

const idsOfTrial = 5_000;
const reservingAtOnce = 100;

export const readsTrials: readonly Trial[] = [
  {
    name: 'read by id',
    play: async (build, bench) => {
      const { quick, count = quick ? 20_000 : 200_000, seconds = quick ? 2 : 10 } = bench.asked;
      const side = ourSide({ build, env: patientDoor });
      return await whileRunning(side, { ...bench, capacity: plenty }, async (running) => {
        const { target } = running;
        const before = await running.decided();
        await fillByHttp(target, { entries: count });
        await untilDecided(running, before + count);
        const ids = await reserveSome(running, quick ? 500 : idsOfTrial);
        await sendPlan(planOf(target, ids, warmSecondsOf(bench)));
        return outcomeOfAnswers(await measureAnswers(running, planOf(target, ids, seconds), bench), 200);
      });
    },
  },
];

const reserveSome = async ({ target, showId }: OurRunningSide, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  const { origin } = new URL(target.url);
  let left = count;
  const reserveNext = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      ids.push(await reserved(origin, { customer, showId, quantity: 1 }));
    }
  };
  await Promise.all(Array.from({ length: reservingAtOnce }, reserveNext));
  return ids;
};
