import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { paths } from '../../infra/local/paths.ts';
import { type Program, programOf } from './bundle.ts';
import { parseReport, parseSign, type Report } from './report.ts';

// After its report a process must end by itself; if it does not, its tests left something open.
const LINGER_MS = 30_000;
const PIPE_MS = 1_000;
const OUTPUT_CHARACTERS_MAX = 200_000;

export interface Run {
  readonly env: NodeJS.ProcessEnv;
  /** How long a file may stay silent, beyond the limit of its current test or hook. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  /** How long a process may take to end after its report. */
  readonly lingerMs?: number;
}

export interface FileRun extends Run {
  readonly path: string;
}

export interface SeveralRun extends Run {
  readonly paths: readonly string[];
}

export interface FileResult {
  readonly passed: number;
  readonly failed: number;
  /** Why the file as a whole failed, independently of its tests. */
  readonly problem?: string;
  readonly left: number;
  readonly output: string;
  readonly ms: number;
}

interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the runner killed it. */
  readonly killed: string | undefined;
  /** Files that have started, in order. */
  readonly begun: ReadonlySet<string>;
  readonly reports: readonly TimedReport[];
}

interface TimedReport extends Report {
  readonly ms: number;
}

/** A green exit code proves nothing; only a complete report followed by a clean exit does. */
const problemOf = (
  path: string,
  files: readonly string[],
  { code, signal, killed, begun, reports }: ChildEnd,
): string | undefined => {
  const report = reports.find((it) => it.path === path);
  const how = signal ?? `exit code ${code}`;
  if (!begun.has(path))
    return `never ran: its process ended (${killed ?? how}) in ${basename([...begun].at(-1) ?? '')}`;
  if (report === undefined) return killed ?? `ended (${how}) before its tests were done`;
  if (report.passed + report.failed === 0) return 'has no test';
  // How the process ended concerns its last file only. If it ended earlier, it concerns the files that had
  // not started or not finished.
  if (report !== reports.at(-1) || reports.length < files.length) return undefined;
  if (killed !== undefined) return killed;
  const red = reports.some(({ failed }) => failed > 0);
  return code !== 0 && !red ? `ended badly (${how}) after its tests had passed` : undefined;
};

// Kills the whole group: a test's child processes must not outlive it.
const killGroup = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
};

const collectOutput = (child: ChildProcess): (() => string) => {
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => output;
};

/** Waits for the end and forces it: at the file's time limit, on interruption, or soon after the report. */
const endOf = (
  child: ChildProcess,
  { paths: files, silenceMs, signal, lingerMs = LINGER_MS }: SeveralRun,
  written: Program['written'],
): Promise<ChildEnd> =>
  new Promise((resolve, reject) => {
    const reports: TimedReport[] = [];
    const begun = new Set(files.slice(0, 1));
    let beganMs = performance.now();
    let killed: string | undefined;
    const end = (why: string): void => {
      killed ??= why;
      killGroup(child);
    };
    const interrupt = (): void => end('interrupted');
    signal.addEventListener('abort', interrupt);
    const limit = (limitMs: number) =>
      setTimeout(() => end(`killed: no sign of life for ${limitMs / 1_000} s`), limitMs);
    let timer = limit(silenceMs);
    child.on('message', (message) => {
      const sign = parseSign(message);
      if (sign !== undefined) {
        begun.add(written(sign.path));
        clearTimeout(timer);
        timer = limit(sign.limitMs + silenceMs);
      }
      const report = parseReport(message);
      if (report === undefined) return;
      const nowMs = performance.now();
      reports.push({ ...report, path: written(report.path), ms: nowMs - beganMs });
      beganMs = nowMs;
      clearTimeout(timer);
      const left = `still running ${lingerMs / 1_000} s after its last test: something was left open`;
      timer = reports.length < files.length ? limit(silenceMs) : setTimeout(() => end(left), lingerMs);
    });
    child.once('error', reject);
    child.once('exit', () => {
      killGroup(child);
      // A process outside the group that inherited the pipes would keep them open.
      setTimeout(() => child.stdout?.destroy() && child.stderr?.destroy(), PIPE_MS).unref();
    });
    child.once('close', (code, signalName) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
      resolve({ code, signal: signalName, killed, begun, reports });
    });
  });

/**
 * Runs test files one after the other in one process (group); each is judged by its report and by how the
 * process ended.
 */
export const runFiles = async (run: SeveralRun): Promise<ReadonlyMap<string, FileResult>> => {
  const began = performance.now();
  const files = run.paths.length === 1 ? run.paths : [severalScript, ...run.paths];
  const program = await programOf(files);
  const child = spawn(process.execPath, program.args, {
    cwd: paths.root,
    env: run.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = collectOutput(child);
  const ending = await endOf(child, run, program.written).finally(program.remove);
  const wholeMs = performance.now() - began;
  return new Map(
    run.paths.map((path) => {
      const report = ending.reports.find((it) => it.path === path);
      const { passed, failed, left, ms } = report ?? { passed: 0, failed: 0, left: 0, ms: wholeMs };
      const problem = problemOf(path, run.paths, ending);
      const result = { passed, left, output: output(), ms: run.paths.length === 1 ? wholeMs : ms };
      if (problem === undefined) return [path, { ...result, failed }];
      return [path, { ...result, failed: failed + 1, problem }];
    }),
  );
};

const severalScript = fileURLToPath(new URL('run-several.ts', import.meta.url));

/** Runs one test file in a process of its own. */
export const runFile = async ({ path, ...run }: FileRun): Promise<FileResult> => {
  const result = (await runFiles({ ...run, paths: [path] })).get(path);
  if (result === undefined) throw new Error(`no result of ${path}`);
  return result;
};
