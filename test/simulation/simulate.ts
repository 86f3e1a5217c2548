import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Program, programOf } from '../support/bundle.ts';
import { explain } from './explain.ts';
import { makePlan } from './make-plan.ts';
import { type FailedSeed, runSeeds, type Tally } from './run-seeds.ts';

/**
 * `npm run simulate -- --seed N --runs K --steps M`: K runs of simulated on-sales, starting at seed N, on all
 * cores; or with `--minutes` as many as there is time for. Exit code: 0 = every promise kept, 2 = wrong usage, 3 = a promise was broken. A failing plan is
 * printed shrunk, with the command that replays it.
 */
const usage = `npm run simulate -- [options]
  --seed N      the first seed (1)
  --runs K      how many seeds from there (1 with --seed, otherwise 1,000)
  --minutes T   as many seeds as there is time for, from --from, or from a new number that is printed
  --from N      the same as --seed
  --steps M     about how many client calls a run makes (10)
  --only a,b,c  of a single run's plan, only these actions
  --trace       print everything that happens in a single run
  --workers W   processes at once (one a core)
  --first       stop at the first broken promise, do not shrink it, and play no long run
`;

const options = {
  seed: { type: 'string' },
  from: { type: 'string' },
  runs: { type: 'string' },
  minutes: { type: 'string' },
  steps: { type: 'string' },
  only: { type: 'string' },
  trace: { type: 'boolean' },
  workers: { type: 'string' },
  first: { type: 'boolean' },
  part: { type: 'boolean' },
} as const;

interface SimulationOptions {
  readonly seed: number;
  readonly runs: number;
  /** No time limit where it is infinite. */
  readonly minutes: number;
  readonly steps: number;
  readonly workers: number;
  readonly only: readonly number[] | undefined;
  readonly trace: boolean;
  readonly first: boolean;
  /** One of several processes that share the seeds: reports to its parent instead of printing. */
  readonly part: boolean;
}

const asked = (): SimulationOptions | undefined => {
  try {
    const { values } = parseArgs({ options });
    const first = values.from ?? values.seed;
    const isTimed = values.minutes !== undefined;
    const number = (text: string | undefined, fallback: number): number =>
      text === undefined ? fallback : /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
    const read = {
      seed: number(first, isTimed ? randomInt(1, 1_000_000_000) : 1),
      runs: number(values.runs, isTimed ? 1_000_000_000 : first === undefined ? 1_000 : 1),
      minutes: number(values.minutes, Number.POSITIVE_INFINITY),
      steps: number(values.steps, 10),
      workers: number(values.workers, availableParallelism()),
      only: values.only?.split(',').map(Number),
      trace: values.trace ?? false,
      first: values.first ?? false,
      part: values.part ?? false,
    };
    return [read.seed, read.runs, read.minutes, read.steps, read.workers, ...(read.only ?? [])].some(
      Number.isNaN,
    )
      ? undefined
      : read;
  } catch {
    return undefined;
  }
};

const main = async (): Promise<number> => {
  const it = asked();
  if (!it) {
    process.stderr.write(usage);
    return 2;
  }
  if (it.part) {
    process.send?.(await runSeeds(it, it.seed, it.runs));
    process.disconnect?.();
    return 0;
  }
  if (it.first) return await runToFirst(it);
  if (it.runs === 1) return await explain(makePlan(it.seed, it.steps), it);
  return await runAll(it);
};

/** Runs in this process, for callers that only need to know whether a seed fails. */
const runToFirst = async (it: SimulationOptions): Promise<number> => {
  const { runs, found } = await runSeeds({ ...it, foundMax: 1, onlyShort: true }, it.seed, it.runs);
  const [first] = found;
  console.log(
    first ? `seed ${first.seed} breaks a promise: ${first.invariant}` : `${runs} runs, every promise kept`,
  );
  return first ? 3 : 0;
};

/** Small enough that a run with a time limit ends soon after it. */
const chunk = 20;

const runAll = async (it: SimulationOptions): Promise<number> => {
  const started = performance.now();
  const found: FailedSeed[] = [];
  const total = { runs: 0, happened: 0, decisions: 0, faults: 0 };
  const program = await programOf([self]);
  let next = it.seed;
  const end = it.seed + it.runs;
  const isOver = (): boolean => performance.now() - started >= it.minutes * 60_000;
  const work = async (): Promise<void> => {
    while (next < end && found.length < 5 && !isOver()) {
      const from = next;
      next = Math.min(end, next + Math.min(chunk, Math.ceil(it.runs / it.workers)));
      const tally = await inProcess(program, from, next - from, it.steps);
      for (const key of ['runs', 'happened', 'decisions', 'faults'] as const) total[key] += tally[key];
      found.push(...tally.found);
      const seconds = (performance.now() - started) / 1_000;
      console.log(
        `seeds ${it.seed}…: ${say(total.runs)} runs, ${seconds.toFixed(0)} s, ${brokenText(found)}`,
      );
    }
  };
  await Promise.all(Array.from({ length: it.workers }, work)).finally(program.remove);
  const seconds = (performance.now() - started) / 1_000;
  for (const { seed } of found.slice(0, 3))
    await explain(makePlan(seed, it.steps), { ...it, seed, trace: false });
  console.log(
    `${say(total.runs)} runs, seeds ${it.seed} to ${next - 1}, ${it.steps} steps: ${say(total.faults)} faults, ` +
      `${say(total.decisions)} decisions, ${say(total.happened)} happenings in ${seconds.toFixed(0)} s; ` +
      `${found.length} runs broke a promise${found.length > 0 ? `: seeds ${found.map(({ seed }) => seed).join(', ')}` : ''}`,
  );
  return found.length > 0 ? 3 : 0;
};

/** Failures are printed as soon as they are known, before all seeds have run. */
const brokenText = (found: readonly FailedSeed[]): string =>
  [`${found.length} broken`, ...found.map(({ seed }) => seed)].join(' ');

const say = (number: number): string => number.toLocaleString('en-US');

const self = fileURLToPath(import.meta.url);

/** Each part runs in a process of its own, so that all cores are used and memory does not grow. */
const inProcess = (program: Program, seed: number, runs: number, steps: number): Promise<Tally> =>
  new Promise((resolve, reject) => {
    const args = ['--part', '--seed', String(seed), '--runs', String(runs), '--steps', String(steps)];
    const child = spawn(process.execPath, [...program.args, ...args], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    let tally: Tally | undefined;
    child.on('message', (message) => {
      tally = parseTally(message);
    });
    child.on('exit', (code) => {
      if (tally) resolve(tally);
      else reject(new Error(`the process with seeds ${seed} to ${seed + runs - 1} ended with ${code}`));
    });
  });

const parseTally = (message: unknown): Tally => message as Tally;

process.exitCode = await main();
