import { commonOf } from '../lines.ts';
import { bySender, planFor } from '../loaders.ts';
import { plenty } from '../measure-throughput.ts';
import { numberText } from '../render-table.ts';
import { sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendResult } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import type { Target } from '../sides/side.ts';
import type { RunPart } from './part.ts';

const requests = 1_000;
const headers = { 'x-customer-id': 'customer-{n}', prefer: 'wait=10' };

/** A thousand requests for three places each in the same moment, each on its own connection, until each is decided. */
export const atOnce: RunPart = async ({ servers, asked, say }) => {
  const side = ourSide();
  const running = await side.start({ ...(await servers.fresh()), capacity: plenty });
  const target = threePlaces(running.target);
  const results: SendResult[] = [];
  try {
    await bySender(headers)(target, { seconds: asked.quick ? 1 : 3, from: 0 });
    for (let round = 0; round < asked.rounds + 2; round += 1) {
      const plan = { ...planFor(target, { type: 'at-once', requests }), from: 10_000_000 + round * requests };
      const result = await sendPlan({ ...plan, headers: { ...target.headers, ...headers } });
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

const threePlaces = (target: Target): Target => ({
  ...target,
  body: { ...target.body, lines: [{ poolId: 'stalls', quantity: 3 }] },
});
