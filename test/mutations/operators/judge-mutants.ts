import type { NumberedMutant } from './instrument.ts';
import type { MutantJudgement } from './judgements-file.ts';
import { type BundleResult, type MutantBundle, simulation } from './mutant-bundle.ts';

/** Which tests reach which mutants, and how long each of them takes. */
export type Reach = readonly TestReach[];

interface TestReach {
  readonly test: string;
  readonly ms: number;
  readonly reached: ReadonlySet<number>;
}

/** Limit of a test without any mutant, on a busy machine. */
const greenLimitMs = 600_000;
/** A mutant may wait or loop for ever: the limit is a multiple of the time without one, and at least this. */
const mutatedLimitMs = 20_000;
const timesGreen = 4;
const quickMs = 8_000;

export interface ReachOptions {
  readonly tests: readonly string[];
  readonly workers: number;
}

/** Runs every test once without any mutant. Throws when one fails: its failures would prove nothing. */
export const findReach = async (bundle: MutantBundle, { tests, workers }: ReachOptions): Promise<Reach> => {
  const reach: TestReach[] = [];
  await inParallel([simulation, ...tests], workers, async (test) => {
    const { end, ms, reached } = await bundle.reachedBy(test, greenLimitMs);
    if (end !== 'passed') throw new Error(`${test} ${end} without any mutant`);
    reach.push({ test, ms, reached });
  });
  return reach.toSorted((a, b) => a.ms - b.ms);
};

export interface JudgedMutant extends MutantJudgement {
  readonly mutant: NumberedMutant;
}

export interface JudgeOptions {
  readonly bundle: MutantBundle;
  readonly reach: Reach;
  readonly workers: number;
  readonly isOver: () => boolean;
  readonly onJudged: (judged: JudgedMutant) => void;
}

export const judgeMutants = (mutants: readonly NumberedMutant[], options: JudgeOptions): Promise<void> =>
  inParallel(mutants, options.workers, async (mutant) => {
    if (options.isOver()) return;
    const judgement = await judge(mutant, options);
    // What was interrupted proves nothing.
    if (!options.isOver() || judgement.verdict === 'survived') options.onJudged({ mutant, ...judgement });
  });

/**
 * First the quick tests, in one process; then the simulation and other slow ones, each alone, because most
 * mutants are noticed before.
 */
const judge = async ({ id }: NumberedMutant, { bundle, reach }: JudgeOptions): Promise<MutantJudgement> => {
  const reaching = reach.filter(({ reached }) => reached.has(id));
  if (reaching.length === 0) return { verdict: 'unreached' };
  const isQuick = ({ test, ms }: TestReach): boolean => test !== simulation && ms < quickMs;
  const alone = reaching.filter((one) => !isQuick(one)).map((one) => [one]);
  for (const tests of [reaching.filter(isQuick), ...alone]) {
    if (tests.length === 0) continue;
    const greenMs = tests.reduce((sum, { ms }) => sum + ms, 0);
    const limitMs = Math.max(mutatedLimitMs, timesGreen * greenMs);
    const names = tests.map(({ test }) => test);
    const result = await bundle.run(names, { mutant: id, limitMs });
    if (result.end !== 'passed') return noticed(result);
  }
  return { verdict: 'survived' };
};

const noticed = (result: BundleResult): MutantJudgement => ({
  verdict: result.end === 'timed-out' ? 'timed-out' : 'killed',
  by: result.in,
});

const inParallel = async <Item>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: workers }, worker));
};
