import { appendBacklog } from '../append-backlog.ts';
import { inTurns } from '../in-turns.ts';
import { connections } from '../loaders.ts';
import { plenty } from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { answeredIn, sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendPlan, SendResult } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import { peerSide } from '../sides/peer-side.ts';
import type { RunningSide } from '../sides/side.ts';
import { commonOf } from '../throughput-lines.ts';
import { untilDecided } from '../until-decided.ts';
import type { RunPart } from './part.ts';

const idsMax = 50_000;
const customer = 'bench';

/** GET by id over many reservations, beside the same HTTP server that answers without looking. */
export const reads: RunPart = async (bench) => {
  const { quick, rounds, count = quick ? 20_000 : 1_000_000, seconds = quick ? 2 : 10 } = bench.asked;
  const sides = [ourSide(), peerSide('constant')] as const;
  const [ours, constant] = sides;
  const urls = await bench.servers.fresh();
  const running = await ours.start({ ...urls, capacity: plenty });
  const beside = await constant.start({ ...urls, capacity: plenty });
  try {
    const before = await running.decided();
    const backlog = { ...urls, showId: running.showId, customer, entries: count };
    const ids = await appendBacklog(backlog, idsMax);
    await untilDecided(running, before + count);
    const at = new Map<unknown, RunningSide>([
      [ours, running],
      [constant, beside],
    ]);
    for (const { target } of at.values()) await read(target.url, ids, quick ? 1 : 3);
    const measured = await inTurns(sides, rounds, async (side) => {
      const result = await read(at.get(side)?.target.url ?? '', ids, seconds);
      bench.say(`${side.name}: ${numberText(perSecond(result))} reads/s`);
      return result;
    });
    return [...measured].map(([side, results]) => ({
      ...commonOf('reads', side),
      figure: 'read by id',
      unit: '/s',
      values: results.map(perSecond),
      note: [`${numberText(count)} reservations`, ...results.map((result) => unwantedIn(result, 200))]
        .filter((text) => text !== '')
        .join(', '),
    }));
  } finally {
    await Promise.all([running.stop(), beside.stop()]);
  }
};

const read = (url: string, texts: readonly string[], seconds: number): Promise<SendResult> => {
  const { origin, pathname } = new URL(url);
  const plan: SendPlan = {
    origin,
    method: 'GET',
    path: `${pathname}/{n}`,
    headers: { 'x-customer-id': customer },
    texts,
    load: { type: 'closed', connections, seconds },
  };
  return sendPlan(plan);
};

const perSecond = (result: SendResult): number => answeredIn(result) / result.seconds;
