import { type ChildProcess, spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { paths } from '../../infra/local/paths.ts';
import { parseReport, type Report } from './report.ts';

// A file that has reported must end by itself; what keeps it alive was not closed by its tests.
const LINGER_MS = 5_000;
const PIPE_MS = 1_000;
const OUTPUT_CHARACTERS_MAX = 200_000;

export interface FileRun {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** How long a file that has reported may take to end. */
  readonly lingerMs?: number;
}

export interface FileResult {
  readonly passed: number;
  readonly failed: number;
  /** Why the file as a whole failed, whatever its tests said. */
  readonly problem?: string;
  readonly left: number;
  readonly output: string;
  readonly ms: number;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the runner ended it. */
  readonly killed: string | undefined;
  readonly report: Report | undefined;
}

/** A green exit code proves nothing: only a whole report followed by a clean end does. */
const problemOf = ({ code, signal, killed, report }: Ending): string | undefined => {
  if (killed !== undefined) return killed;
  const how = signal ?? `exit code ${code}`;
  if (report === undefined) return `ended (${how}) before its tests were done`;
  if (report.passed + report.failed === 0) return 'has no test';
  if (code !== 0 && report.failed === 0) return `ended badly (${how}) after its tests had passed`;
  return undefined;
};

// The whole group: a test's own child processes must not outlive it.
const killGroup = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
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

/** Waits for the end and makes it come: by the file's limit, by the interruption, or soon after the report. */
const endOf = (child: ChildProcess, { limitMs, signal, lingerMs = LINGER_MS }: FileRun): Promise<Ending> =>
  new Promise((resolve, reject) => {
    let report: Report | undefined;
    let killed: string | undefined;
    const end = (why: string): void => {
      killed ??= why;
      killGroup(child);
    };
    const interrupt = (): void => end('interrupted');
    signal.addEventListener('abort', interrupt);
    let timer = setTimeout(() => end(`killed: not done after ${limitMs / 1_000} s`), limitMs);
    child.on('message', (message) => {
      report = parseReport(message) ?? report;
      if (report === undefined) return;
      clearTimeout(timer);
      const left = `still running ${lingerMs / 1_000} s after its last test: something was left open`;
      timer = setTimeout(() => end(left), lingerMs);
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
      resolve({ code, signal: signalName, killed, report });
    });
  });

/** Runs one test file in a process (group) of its own and judges it by its report and by its end. */
export const runFile = async (run: FileRun): Promise<FileResult> => {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), run.path], {
    cwd: paths.root,
    env: run.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = collectOutput(child);
  const ending = await endOf(child, run);
  const { passed, failed, left } = ending.report ?? { passed: 0, failed: 0, left: 0 };
  const problem = problemOf(ending);
  const ms = performance.now() - began;
  if (problem === undefined) return { passed, failed, left, output: output(), ms };
  return { passed, failed: failed + 1, left, output: output(), ms, problem };
};
