import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '../../infra/local/paths.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';

const LIMIT_MS = 25_000;

/** A started `npm start` (with a replacement for dist/main.js) and its output so far. */
export interface LaunchedProgram {
  readonly child: ChildProcess;
  readonly output: () => string;
  /**
   * Resolves when the output has the text. Throws with the output when the text does not come or the process
   * ends.
   */
  readonly says: (text: string) => Promise<void>;
  /** The exit code, once it has ended and its output is complete. */
  readonly ended: Promise<number | null>;
}

/** A directory that the runner removes, with every server that still runs on it. */
export const newStateDir = (): string =>
  mkdtempSync(join(process.env['ONSALE_TEST_DIR'] ?? tmpdir(), 'onsale-state-'));

const roleLog = (stateDir: string): string => join(stateDir, 'roles.log');

export const roleLines = (stateDir: string): readonly string[] =>
  readFileSync(roleLog(stateDir), 'utf8').trim().split('\n');

/** The pid that a pid file of the state directory names. */
export const pidIn = (stateDir: string, file: string): number => {
  const note: { readonly pid: number } = JSON.parse(readFileSync(join(stateDir, file), 'utf8'));
  return note.pid;
};

export const launch = (stateDir: string, env: NodeJS.ProcessEnv): LaunchedProgram => {
  const { REDIS_URL: _redis, DATABASE_URL: _database, ...clean } = process.env;
  const script = join(paths.root, 'test/infra/launch.ts');
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, stateDir], {
    env: { ...clean, FAKE_LOG: roleLog(stateDir), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  let over = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true;
      resolve(code);
    });
  });
  const says = async (text: string): Promise<void> => {
    await waitUntil(() => over || output.includes(text), { limitMs: LIMIT_MS });
    if (!output.includes(text)) throw new Error(`it did not say "${text}" but:\n${output}`);
  };
  return { child, output: () => output, says, ended };
};
