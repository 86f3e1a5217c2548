import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { paths } from '../../../infra/local/paths.ts';
import { newSeededRandom } from '../../simulation/seeded-random.ts';
import { findTests } from '../../support/find-tests.ts';
import { newRunDir, removeWithServers } from '../../support/run-dir.ts';
import { findMutants } from './find-mutants.ts';
import type { NumberedMutant } from './instrument.ts';
import { findReach, type JudgedMutant, judgeMutants } from './judge-mutants.ts';
import { openJudgements } from './judgements-file.ts';
import { mutantKey } from './mutant.ts';
import { buildMutants } from './mutant-bundle.ts';
import { isSurvivor, showSurvivor, summary } from './operator-report.ts';
import { parseSurvivors } from './survivors.ts';

/** The code that decides and commits. */
const mutatedDirs = ['src/domain', 'src/projector', 'src/store/commit'];

/** Its own unit tests, and those of the servers in memory, over which the production code of commits runs. */
const testDirs = ['domain/', 'projector/', 'model/', 'store/', 'simulation/memory-'];

/** How many simulated sales a mutant has to survive. */
const seeds = 200;

const usage = `npm run mutations -- --operators [options] [part of a source file's path]…
  --minutes N   how long to judge mutants, in a random order (2)
  --seed S      of that order (a new one)
  --workers W   processes at once, 1 or 2 (2)
  --again       judge survivors again, those of earlier runs and the known ones
  --fresh       judge all again
  --strict      exit code 1 where a mutant survives that survivors.txt does not name
`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const options = {
  operators: { type: 'boolean' },
  minutes: { type: 'string', default: '2' },
  seed: { type: 'string' },
  workers: { type: 'string', default: '2' },
  again: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
} as const;

interface PassOptions {
  readonly minutes: number;
  readonly seed: string;
  readonly workers: number;
  readonly again: boolean;
  readonly fresh: boolean;
  readonly strict: boolean;
  readonly filters: readonly string[];
}

const parsePassOptions = (args: readonly string[]): PassOptions | undefined => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [minutes, workers] = [Number(values.minutes), Number(values.workers)];
    if (!(minutes >= 0) || !(workers === 1 || workers === 2)) return undefined;
    const { again, fresh, strict, seed = String(Date.now() % 1_000_000) } = values;
    return { minutes, workers, again, fresh, strict, seed, filters: positionals };
  } catch {
    return undefined;
  }
};

const sourceOf = (file: string): string => readFileSync(join(paths.root, file), 'utf8');

/** All mutants of the repository. */
export const readMutants = (filters: readonly string[] = []): readonly NumberedMutant[] =>
  mutatedDirs
    .flatMap((dir) =>
      readdirSync(join(paths.root, dir), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(dir, name),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .toSorted()
    .flatMap((file) => findMutants(file, sourceOf(file)))
    .map((mutant, id) => ({ ...mutant, id }));

/** The survivors that are known. */
export const readSurvivors = () =>
  parseSurvivors(readFileSync(join(paths.root, 'test/mutations/operators/survivors.txt'), 'utf8'));

/**
 * Judges a sample of the mutants that operators make, as many as there is time for. What earlier runs judged
 * is not judged again. Exit code 1, with `--strict`: a mutant survived that survivors.txt does not name.
 */
export const passOfOperators = async (args: readonly string[]): Promise<number> => {
  const asked = parsePassOptions(args);
  if (!asked) {
    process.stderr.write(usage);
    return 2;
  }
  const mutants = readMutants(asked.filters);
  const survivors = readSurvivors();
  const file = openJudgements(join(paths.state, 'mutants.jsonl'), sourceOf);
  const isDone = (mutant: NumberedMutant): boolean => {
    if (!asked.again && survivors.has(mutantKey(mutant))) return true;
    const judged = asked.fresh ? undefined : file.of(mutant);
    return judged !== undefined && !(asked.again && isSurvivor(judged));
  };
  const waiting = inRandomOrder(
    mutants.filter((mutant) => !isDone(mutant)),
    asked.seed,
  );
  const known = mutants.length - waiting.length;
  say(`${mutants.length} mutants, ${known} of them judged before or known to survive; --seed ${asked.seed}`);
  const onJudged = ({ mutant, ...judgement }: JudgedMutant): void => {
    file.keep(mutant, judgement);
    if (isSurvivor(judgement)) say(showSurvivor({ mutant, ...judgement }, survivors));
  };
  if (waiting.length > 0 && asked.minutes > 0) await judgeSome(waiting, { ...asked, mutants, onJudged });
  const all = mutants.flatMap((mutant): readonly JudgedMutant[] => {
    const judgement = file.of(mutant);
    return judgement ? [{ mutant, ...judgement }] : [];
  });
  const { text, unknown } = summary(all, { mutants, survivors });
  say(text);
  return asked.strict && unknown > 0 ? 1 : 0;
};

const inRandomOrder = <Item>(items: readonly Item[], seed: string): readonly Item[] => {
  const random = newSeededRandom(seed);
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
};

interface Sample extends PassOptions {
  readonly mutants: readonly NumberedMutant[];
  readonly onJudged: (judged: JudgedMutant) => void;
}

const judgeSome = async (waiting: readonly NumberedMutant[], sample: Sample): Promise<void> => {
  const { mutants, minutes, workers, onJudged } = sample;
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const { signal } = interruption;
  const dir = newRunDir({ prefix: 'onsale-operators-', mark: 'test/mutations/run.ts' });
  const tests = findTests(paths.root, ['unit', ...testDirs.map((name) => `test/${name}`)]).map(
    ({ name }) => name,
  );
  const bundle = await buildMutants({ dir, mutants, tests, seeds, signal });
  try {
    const reach = await findReach(bundle, { tests, workers });
    const untilMs = performance.now() + minutes * 60_000;
    const isOver = (): boolean => signal.aborted || performance.now() >= untilMs;
    await judgeMutants(waiting, { bundle, reach, workers, isOver, onJudged });
  } finally {
    bundle.remove();
    removeWithServers(dir);
  }
};
