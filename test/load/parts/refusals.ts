import { waitUntil } from '../../../infra/local/wait-until.ts';
import { inTurns } from '../in-turns.ts';
import { connections, planFor } from '../loaders.ts';
import type { Measured } from '../measured.ts';
import { numberText } from '../render-table.ts';
import { answeredIn, sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendResult } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import { peerSide } from '../sides/peer-side.ts';
import type { RunningSide, Side } from '../sides/side.ts';
import { commonOf } from '../throughput-lines.ts';
import type { Bench, RunPart } from './part.ts';

const kinds = [
  { figure: 'refused', headers: {} },
  { figure: 'refused, with a key each', headers: { 'idempotency-key': 'key-{n}' } },
] as const;

type Refused = readonly SendResult[];

interface Started extends Side {
  readonly running: RunningSide;
}

/** Once sold out: how many are told so a second, beside the same HTTP server that says it to everybody. */
export const refusals: RunPart = async (bench) => {
  const urls = await bench.servers.fresh();
  const started: Started[] = [];
  try {
    for (const side of [ourSide(), peerSide('constant')]) {
      const running = await side.start({ ...urls, capacity: 1 });
      started.push({ ...side, running });
      await soldOut(running);
      await load(running, {}, bench.asked.quick ? 1 : 3);
    }
    return linesOf(await inTurns(started, bench.asked.rounds, (side) => refusedBy(side, bench)));
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
  }
};

const linesOf = (measured: ReadonlyMap<Side, readonly Refused[]>): readonly Measured[] =>
  kinds.flatMap(({ figure }, kind) =>
    [...measured].map(([side, runs]) => ({
      ...commonOf('refusals', side),
      figure,
      unit: '/s',
      values: runs.map((results) => perSecond(results[kind])),
      note: noteOn(runs.flatMap((results) => results[kind] ?? [])),
    })),
  );

const refusedBy = async ({ name, running }: Started, { asked, say }: Bench): Promise<Refused> => {
  const results: SendResult[] = [];
  for (const { headers, figure } of kinds) {
    const result = await load(running, headers, asked.seconds ?? (asked.quick ? 1 : 10));
    say(`${name}: ${figure} ${numberText(perSecond(result))}/s`);
    results.push(result);
  }
  return results;
};

const soldOut = async (running: RunningSide): Promise<void> => {
  const isRefused = async (): Promise<boolean> => {
    const load = { type: 'closed', connections: 1, seconds: 10, max: 1 } as const;
    return '409' in (await sendPlan(planFor(running.target, load))).answers;
  };
  if (!(await waitUntil(isRefused, { limitMs: 60_000 }))) throw new Error('the show did not sell out');
};

const load = (
  { target }: RunningSide,
  headers: Readonly<Record<string, string>>,
  seconds: number,
): Promise<SendResult> =>
  sendPlan({
    ...planFor(target, { type: 'closed', connections, seconds }),
    headers: { ...target.headers, ...headers },
    from: nextFrom(),
  });

// A key that was sent before is another case: each load has numbers of its own.
let loads = 0;
const nextFrom = (): number => {
  loads += 1;
  return loads * 1_000_000;
};

const perSecond = (result: SendResult | undefined): number =>
  result === undefined ? Number.NaN : answeredIn(result) / result.seconds;

const noteOn = (results: readonly SendResult[]): string =>
  [...new Set(results.map((result) => unwantedIn(result, 409)))].filter((text) => text !== '').join(', ');
