import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureServers } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { startMariadb } from '../../infra/local/private-mariadb.ts';
import { ensurePrometheus } from './ensure-prometheus.ts';
import { findTests, type Level, levels, type TestFile } from './find-tests.ts';
import { newRunDir, removeWithServers } from './run-dir.ts';
import { type FileResult, runFiles } from './run-file.ts';
import { MARIADB_TEST_SETTINGS } from './servers.ts';

// Two of each level: a file spends much of its time waiting for processes to start, and no test may depend on
// speed.
const atOnce = { unit: 2, int: 2, e2e: 2 } as const satisfies Record<Level, number>;
// Most files take longer to load their shared imports than to run their tests.
const perProcess = { unit: 12, int: 3, e2e: 1 } as const satisfies Record<Level, number>;
// Covers loading a file, and blocking code that keeps the process from checking even its own limits.
const silenceMs = 120_000;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** A process's output is shown once, with the first of its files that failed. */
const showPiece = (
  piece: readonly TestFile[],
  results: ReadonlyMap<string, FileResult>,
): readonly FileResult[] => {
  let said = false;
  return piece.flatMap((file) => {
    const result = results.get(file.path);
    if (result === undefined) return [];
    show(file, said ? { ...result, output: '' } : result);
    said ||= result.failed > 0;
    return [result];
  });
};

const show = (file: TestFile, result: FileResult): void => {
  const good = result.failed === 0;
  const set = result.left > 0 ? `, ${result.left} LEFT OUT by only()` : '';
  say(`${good ? 'ok  ' : 'FAIL'} ${file.name}  ${result.passed} passed${set}  ${seconds(result.ms)}`);
  if (good) return;
  say(result.output.trimEnd().replaceAll(/^/gm, '     | '));
  say(`     ${file.name}: ${result.problem ?? `${result.failed} failed`}\n`);
};

const inPieces = (files: readonly TestFile[], size: number): (readonly TestFile[])[] =>
  Array.from({ length: Math.ceil(files.length / size) }, (_, n) => files.slice(n * size, (n + 1) * size));

const runLevel = async (
  files: readonly TestFile[],
  level: Level,
  run: (files: readonly TestFile[]) => Promise<readonly FileResult[]>,
): Promise<readonly FileResult[]> => {
  const waiting = inPieces(files, perProcess[level]);
  const results: FileResult[] = [];
  const worker = async (): Promise<void> => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift())
      results.push(...(await run(piece)));
  };
  await Promise.all(Array.from({ length: atOnce[level] }, worker));
  return results;
};

const build = (): void => {
  const done = spawnSync(process.execPath, [join(paths.root, 'infra/local/build.mjs')], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error('the build failed');
};

/** Starts and builds only what the chosen files need; they learn of it from the environment. */
const prepare = async (files: readonly TestFile[], dir: string): Promise<NodeJS.ProcessEnv> => {
  if (files.some((file) => file.level === 'e2e')) build();
  if (files.every((file) => file.level === 'unit')) return process.env;
  ensureServers(['redis', 'mariadb'], say);
  if (files.some(({ name }) => name.includes('prometheus'))) ensurePrometheus(say);
  const server = await startMariadb({ dir: join(dir, 'mariadb'), settings: MARIADB_TEST_SETTINGS });
  return { ...process.env, ONSALE_TEST_DATABASE_URL: server.url };
};

const runAll = async (
  files: readonly TestFile[],
  dir: string,
  signal: AbortSignal,
): Promise<readonly FileResult[]> => {
  const env = await prepare(files, dir);
  const run = async (piece: readonly TestFile[]): Promise<readonly FileResult[]> => {
    if (signal.aborted) return [];
    const own = join(dir, (piece[0]?.name ?? '').replaceAll('/', '-'));
    mkdirSync(own);
    const fileEnv = { ...env, ONSALE_TEST_DIR: own };
    const results = await runFiles({
      paths: piece.map(({ path }) => path),
      env: fileEnv,
      silenceMs,
      signal,
    });
    removeWithServers(own);
    return showPiece(piece, results);
  };
  const results: FileResult[] = [];
  for (const level of levels) {
    const chosen = files.filter((file) => file.level === level);
    const began = performance.now();
    results.push(...(await runLevel(chosen, level, run)));
    if (chosen.length > 0)
      say(`---- ${level}: ${chosen.length} files, ${seconds(performance.now() - began)}`);
  }
  return results;
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: { root: { type: 'string', default: paths.root } },
    allowPositionals: true,
  });
  const files = findTests(values.root, positionals);
  if (files.length === 0) {
    say(`no test file fits ${positionals.join(' ') || values.root}\n0 passed, 1 failed`);
    return 1;
  }
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const dir = newRunDir({ prefix: 'onsale-test-', mark: 'test/support/run.ts' });
  try {
    const results = await runAll(files, dir, interruption.signal);
    const sum = (key: 'passed' | 'failed'): number =>
      results.reduce((total, result) => total + result[key], 0);
    if (interruption.signal.aborted) say('interrupted');
    say(`${sum('passed')} passed, ${sum('failed')} failed`);
    return sum('failed') > 0 || sum('passed') === 0 || interruption.signal.aborted ? 1 : 0;
  } finally {
    removeWithServers(dir);
  }
};

process.exitCode = await main().catch((error: unknown) => {
  say(`${error instanceof Error ? error.message : String(error)}\n0 passed, 1 failed`);
  return 1;
});
