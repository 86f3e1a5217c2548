import { waitUntil } from '../../../infra/local/wait-until.ts';
import type { Trial } from '../against/trial.ts';
import { type Answers, answerLines, measureAnswers, outcomeOfAnswers } from '../answers.ts';
import { inTurns } from '../in-turns.ts';
import { connections, planFor } from '../loaders.ts';
import { warmSecondsOf } from '../measure-throughput.ts';
import type { Measurement } from '../measured.ts';
import { numberText } from '../render-table.ts';
import { sendPlan } from '../send-plan.ts';
import type { SendPlan } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import { peerSide } from '../sides/peer-side.ts';
import type { RunningSide, Side } from '../sides/side.ts';
import { whileRunning } from '../sides/while-running.ts';
import type { Bench, RunPart } from './part.ts';

const kinds = [
  { figure: 'refused', headers: {} },
  { figure: 'refused, with a key each', headers: { 'idempotency-key': 'key-{n}' } },
] as const;

/** One entry per kind of refusal. */
type RefusalAnswers = readonly Answers[];

interface StartedSide extends Side {
  readonly running: RunningSide;
}

/** Once sold out: refusals per second, compared with the same HTTP server that refuses every request. */
export const refusals: RunPart = async (bench) => {
  const urls = await bench.servers.fresh();
  const started: StartedSide[] = [];
  try {
    for (const side of [ourSide(), peerSide('constant')]) {
      const running = await side.start({ ...urls, capacity: 1 });
      started.push({ ...side, running });
      await soldOut(running);
      for (const kind of kinds) await sendPlan(planOf(running, kind, warmSecondsOf(bench)));
    }
    return linesOf(await inTurns(started, bench.asked.rounds, (side) => refusedBy(side, bench)));
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
  }
};

const linesOf = (measured: ReadonlyMap<Side, readonly RefusalAnswers[]>): readonly Measurement[] =>
  kinds.flatMap(({ figure }, kind) =>
    [...measured].flatMap(([side, runs]) =>
      answerLines(
        { part: 'refusals', figure, status: 409 },
        side,
        runs.flatMap((refused) => refused[kind] ?? []),
      ),
    ),
  );

const refusedBy = async ({ name, running }: StartedSide, bench: Bench): Promise<RefusalAnswers> => {
  const { quick, seconds = quick ? 1 : 10 } = bench.asked;
  const refused: Answers[] = [];
  for (const kind of kinds) {
    const answers = await measureAnswers(running, planOf(running, kind, seconds), bench);
    bench.say(`${name}: ${kind.figure} ${numberText(answers.perSecond)}/s`);
    refused.push(answers);
  }
  return refused;
};

const soldOut = async (running: RunningSide): Promise<void> => {
  const isRefused = async (): Promise<boolean> => {
    const load = { type: 'closed', connections: 1, seconds: 10, max: 1 } as const;
    return '409' in (await sendPlan(planFor(running.target, load))).answers;
  };
  if (!(await waitUntil(isRefused, { limitMs: 60_000 }))) throw new Error('the show did not sell out');
};

const planOf = ({ target }: RunningSide, { headers }: (typeof kinds)[number], seconds: number): SendPlan => ({
  ...planFor(target, { type: 'closed', connections, seconds }),
  headers: { ...target.headers, ...headers },
  from: nextFrom(),
});

// A repeated key is another case, so each load has numbers of its own.
let loads = 0;
const nextFrom = (): number => {
  loads += 1;
  return loads * 10_000_000;
};

export const refusalsTrials: readonly Trial[] = kinds.map((kind) => ({
  name: kind.figure,
  play: async (build, bench) => {
    const { quick, seconds = quick ? 1 : 10 } = bench.asked;
    return await whileRunning(ourSide({ build }), { ...bench, capacity: 1 }, async (running) => {
      await soldOut(running);
      await sendPlan(planOf(running, kind, warmSecondsOf(bench)));
      return outcomeOfAnswers(await measureAnswers(running, planOf(running, kind, seconds), bench), 409);
    });
  },
}));
