import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureServers } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { startMariadb } from '../../infra/local/private-mariadb.ts';
import { programOf } from '../support/bundle.ts';
import { removeWithServers } from '../support/run-dir.ts';
import { runFile } from '../support/run-file.ts';
import { MARIADB_TEST_SETTINGS } from '../support/servers.ts';
import { judgeFile, judgeSimulation, type Verdict } from './judge.ts';
import { newTree } from './mutated-tree.ts';
import { type Catcher, catcherName, type Mutation, parseMutation } from './mutation.ts';
import { passOfOperators } from './operators/operator-pass.ts';
import { type Finding, type Outcome, outcomeOf, table } from './report.ts';

const patchesDir = join(paths.root, 'test/mutations');
const atOnce = 2;
/** Time limit of a catcher without any mutation, on a machine that is busy with other work. */
const greenLimitMs = 600_000;
/**
 * With a mutation a catcher may hang, so its limit is a multiple of its time without one, and at least this.
 */
const mutatedLimitMs = 90_000;
const timesGreen = 10;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** What every run of a catcher needs, and the signal to stop. */
interface Bench {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly limitOf: (catcher: Catcher) => number;
}

/** A run that broke, perhaps because the machine is busy, proves nothing: it is repeated once. */
const judge = async (catcher: Catcher, tree: string, bench: Bench): Promise<Verdict> => {
  const first = await judgeOnce(catcher, tree, bench);
  return first.type === 'broke' && !bench.signal.aborted ? await judgeOnce(catcher, tree, bench) : first;
};

const judgeOnce = async (catcher: Catcher, tree: string, bench: Bench): Promise<Verdict> => {
  if (catcher.type === 'simulate') return await simulate(catcher, tree, bench, bench.limitOf(catcher));
  const own = mkdtempSync(join(bench.dir, 'run-'));
  const env = {
    ...bench.env,
    ONSALE_TEST_DIR: own,
    ONSALE_TEST_NAMED: catcher.named ?? '',
    // Most of them fail by a result that never comes. One that is only late counts as broken and is retried.
    ONSALE_TEST_PATIENCE: '1',
  };
  const path = join(tree, catcher.file);
  const result = await runFile({ path, env, silenceMs: bench.limitOf(catcher), signal: bench.signal });
  removeWithServers(own);
  return judgeFile(result);
};

const simulate = async (
  { seed, runs }: Extract<Catcher, { type: 'simulate' }>,
  tree: string,
  { env, signal }: Bench,
  timeout: number,
): Promise<Verdict> => {
  const program = await programOf([join(tree, 'test/simulation/simulate.ts')]);
  const args = [...program.args, '--first', '--runs', String(runs), '--seed', String(seed)];
  const child = spawn(process.execPath, args, {
    cwd: tree,
    env,
    signal,
    killSignal: 'SIGKILL',
    timeout,
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = await once(child, 'close').finally(program.remove);
  return judgeSimulation(code, output);
};

/** One mutation in a tree of its own, until a catcher notices it. */
const mutate = async (mutation: Mutation, bench: Bench): Promise<Finding> => {
  const began = performance.now();
  const tree = newTree(bench.dir);
  try {
    const outcome = await outcomeIn(tree, mutation, bench);
    return { mutation, outcome, ms: performance.now() - began };
  } finally {
    tree.remove();
  }
};

const outcomeIn = async (
  tree: ReturnType<typeof newTree>,
  { name, catchers }: Mutation,
  bench: Bench,
): Promise<Outcome> => {
  const why = tree.apply(join(patchesDir, `${name}.patch`));
  if (why !== undefined) return { type: 'not applied', why };
  const judged: { readonly catcher: Catcher; readonly verdict: Verdict }[] = [];
  for (const catcher of catchers) {
    const verdict = await judge(catcher, tree.dir, bench);
    judged.push({ catcher, verdict });
    if (verdict.type === 'caught') break;
  }
  return outcomeOf(judged);
};

/** Results in the order of the items; items that had not begun when the signal aborted have none. */
const inParallel = async <Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const waiting = [...items.entries()];
  const results: (readonly [number, Result])[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift())
      results.push([next[0], await work(next[1])]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results.toSorted(([a], [b]) => a - b).map(([, result]) => result);
};

interface Baseline {
  /** Catchers that fail without any mutation; their failures would prove nothing. */
  readonly red: readonly string[];
  /** Duration of each catcher by name, ms. */
  readonly ms: ReadonlyMap<string, number>;
}

const withoutMutation = async (mutations: readonly Mutation[], bench: Bench): Promise<Baseline> => {
  const catchers = new Map(
    mutations.flatMap((it) => it.catchers).map((catcher) => [catcherName(catcher), catcher] as const),
  );
  const tree = newTree(bench.dir);
  const times = new Map<string, number>();
  try {
    const judged = await inParallel([...catchers], bench.signal, async ([name, catcher]) => {
      const began = performance.now();
      const verdict = await judge(catcher, tree.dir, bench);
      times.set(name, performance.now() - began);
      return verdict.type === 'survived' ? [] : [`${name}: ${JSON.stringify(verdict)}`];
    });
    return { red: judged.flat(), ms: times };
  } finally {
    tree.remove();
  }
};

const readMutations = (filters: readonly string[]): readonly Mutation[] =>
  readdirSync(patchesDir)
    .filter((file) => file.endsWith('.patch'))
    .map((file) => file.slice(0, -'.patch'.length))
    .filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
    .toSorted()
    .map((name) => parseMutation(name, readFileSync(join(patchesDir, `${name}.patch`), 'utf8')));

const check = async (mutations: readonly Mutation[], world: Omit<Bench, 'limitOf'>): Promise<number> => {
  const began = performance.now();
  const { red, ms } = await withoutMutation(mutations, { ...world, limitOf: () => greenLimitMs });
  const limitOf = (catcher: Catcher): number =>
    Math.ceil(Math.max(mutatedLimitMs, timesGreen * (ms.get(catcherName(catcher)) ?? 0)));
  const bench: Bench = { ...world, limitOf };
  for (const line of red) say(`RED WITHOUT ANY MUTATION  ${line}`);
  if (red.length > 0) return 1;
  say(`every catcher is green while nothing is taken out, ${seconds(performance.now() - began)}`);
  const findings = await inParallel(mutations, bench.signal, async (mutation) => {
    const finding = await mutate(mutation, bench);
    say(
      `${finding.outcome.type === 'caught' ? 'caught' : 'FAIL  '} ${mutation.name}  ${seconds(finding.ms)}`,
    );
    return finding;
  });
  say(`\n${table(findings)}\n`);
  const caught = findings.filter(({ outcome }) => outcome.type === 'caught').length;
  say(`${caught} of ${mutations.length} mutations caught, ${seconds(performance.now() - began)} in all`);
  return caught === mutations.length ? 0 : 1;
};

const main = async (): Promise<number> => {
  const args = process.argv.slice(2);
  if (args.includes('--operators')) return await passOfOperators(args);
  const mutations = readMutations(args);
  if (mutations.length === 0) throw new Error('there is no such mutation');
  const missing = mutations
    .flatMap((it) => it.catchers)
    .filter((it) => it.type === 'test' && !existsSync(join(paths.root, it.file)));
  if (missing.length > 0) throw new Error(`no such file: ${missing.map(catcherName).join(', ')}`);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  ensureServers(['redis', 'mariadb'], say);
  const dir = mkdtempSync(join(tmpdir(), 'onsale-mutations-'));
  try {
    const server = await startMariadb({ dir: join(dir, 'mariadb'), settings: MARIADB_TEST_SETTINGS });
    const env = { ...process.env, ONSALE_TEST_DATABASE_URL: server.url, CI: '' };
    mkdirSync(join(dir, 'work'));
    return await check(mutations, { dir: join(dir, 'work'), env, signal: interruption.signal });
  } finally {
    removeWithServers(dir);
  }
};

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return 1;
});
