import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { paths } from '../../../infra/local/paths.ts';
import { programOf } from '../../support/bundle.ts';
import { parseReport } from '../../support/report.ts';
import { newTree } from '../mutated-tree.ts';
import { instrument, type NumberedMutant } from './instrument.ts';

/** Test files and the simulation, built once with all mutants in them. */
export interface MutantBundle {
  /** Runs one test, or several in one process until the first that fails. */
  readonly run: (tests: readonly string[], options: BundleRun) => Promise<BundleResult>;
  /** The numbers of the mutants that a test reaches. */
  readonly reachedBy: (test: string, limitMs: number) => Promise<BundleResult & Reached>;
  readonly remove: () => void;
}

interface BundleRun {
  readonly mutant: number;
  readonly limitMs: number;
}

interface Reached {
  readonly reached: ReadonlySet<number>;
}

export interface BundleResult {
  readonly end: 'passed' | 'failed' | 'timed-out';
  /** The test that failed, or in which its process ended. */
  readonly in: string;
  readonly ms: number;
}

/** The simulation stands among the tests under this name. */
export const simulation = 'simulation';
const simulationFile = 'test/simulation/simulate.ts';
const severalFile = 'test/support/run-several.ts';
const switchFile = 'test/mutations/operators/mutant-switch.mjs';

export interface MutantBundleOptions {
  /** Where trees and reports are. */
  readonly dir: string;
  readonly mutants: readonly NumberedMutant[];
  readonly tests: readonly string[];
  /** How many simulated sales, from seed 1. */
  readonly seeds: number;
  readonly signal: AbortSignal;
}

export const buildMutants = async (options: MutantBundleOptions): Promise<MutantBundle> => {
  const { dir, mutants, tests, seeds, signal } = options;
  const tree = newTree(dir);
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const path = join(tree.dir, file);
    const own = mutants.filter((mutant) => mutant.file === file);
    writeFileSync(path, instrument(readFileSync(path, 'utf8'), own));
  }
  const sources = [severalFile, simulationFile, ...tests];
  const program = await programOf(sources.map((file) => join(tree.dir, file)));
  const built = program.args.slice(-sources.length);
  const pathOf = new Map(sources.map((file, n) => [file, built[n] ?? '']));
  const nameOf = new Map(sources.map((file, n) => [built[n] ?? '', file]));
  const base = ['--import', pathToFileURL(join(paths.root, switchFile)).href];
  const found = (file: string): string => pathOf.get(file) ?? file;
  const argsOf = (asked: readonly string[]): readonly string[] =>
    asked[0] === simulation
      ? [found(simulationFile), '--first', '--seed', '1', '--runs', String(seeds)]
      : [found(severalFile), ...asked.map(found)];
  const start = (asked: readonly string[], env: NodeJS.ProcessEnv, limitMs: number) =>
    endOf({
      args: [...base, ...argsOf(asked)],
      cwd: tree.dir,
      env,
      limitMs,
      signal,
      nameOf,
      first: asked[0],
    });
  return {
    run: (asked, { mutant, limitMs }) => start(asked, { ONSALE_MUTANT: String(mutant) }, limitMs),
    reachedBy: async (test, limitMs) => {
      const file = join(dir, `reached-${test.replaceAll('/', '-')}`);
      const result = await start([test], { ONSALE_MUTANTS_REACHED: file }, limitMs);
      return { ...result, reached: result.end === 'passed' ? parseReached(file) : new Set() };
    },
    remove: () => {
      program.remove();
      tree.remove();
    },
  };
};

const parseReached = (file: string): ReadonlySet<number> => {
  const numbers = JSON.parse(readFileSync(file, 'utf8')) as readonly number[];
  rmSync(file);
  return new Set(numbers);
};

interface ChildRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly nameOf: ReadonlyMap<string, string>;
  readonly first: string | undefined;
}

const endOf = async (run: ChildRun): Promise<BundleResult> => {
  const { args, cwd, env, limitMs, signal, nameOf, first = '' } = run;
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, CI: '', ONSALE_TEST_PATIENCE: '10', ONSALE_MODEL_RUNS: '500', ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    killSignal: 'SIGKILL',
    signal,
  });
  let [failed, late, name] = [false, false, first];
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, limitMs);
  child.on('message', (message) => {
    const report = parseReport(message);
    if (!report || failed) return;
    name = nameOf.get(report.path) ?? report.path;
    failed = report.failed > 0;
    if (failed) child.kill('SIGKILL');
  });
  // An abort is an error of the child as well.
  child.on('error', () => undefined);
  const [code] = await once(child, 'exit').finally(() => clearTimeout(timer));
  const end = failed || (code !== 0 && !late) ? 'failed' : late ? 'timed-out' : 'passed';
  return { end, in: name, ms: performance.now() - began };
};
