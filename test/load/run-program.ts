import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { signal } from '../../infra/local/process-identity.ts';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly limitMs: number;
}

const tailLines = 15;

/**
 * Runs a program to its end and resolves to its standard output. Throws if it fails or takes too long, with
 * the end of its output. The program has a process group of its own, because npm and the compiler start
 * further processes; the group is killed when we end.
 */
export const runProgram = async ({ program, args, cwd, env, limitMs }: ProgramRun): Promise<string> => {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let all = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    all += chunk;
  });
  child.stderr.on('data', (chunk) => {
    all += chunk;
  });
  const kill = (): void => {
    if (child.pid !== undefined) signal(-child.pid, 'SIGKILL');
  };
  // Must run before the directory in which the program works is removed.
  process.prependListener('exit', kill);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, limitMs);
  try {
    const [code, name] = await once(child, 'close');
    if (code === 0) return output;
    const why = isLate ? `took longer than ${limitMs / 1_000} s` : `failed (${name ?? `exit code ${code}`})`;
    throw new Error(`${[program, ...args].join(' ')} ${why}:\n${tailOf(all)}`);
  } finally {
    clearTimeout(timer);
    process.off('exit', kill);
  }
};

const tailOf = (text: string): string => text.trimEnd().split('\n').slice(-tailLines).join('\n');
