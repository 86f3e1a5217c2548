import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { nodeArguments } from './node-arguments.ts';
import { signal } from './process-identity.ts';
import type { ChildHandle } from './supervise.ts';

export interface RolePlan {
  /** The prefix of its lines on the console. */
  readonly name: string;
  readonly main: string;
  readonly roles: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly pidFile: string;
  readonly print: (line: string) => void;
  readonly stopLimitMs?: number;
}

// A role ends itself after 20 s; killing it sooner would cut off work that it may still finish.
const STOP_LIMIT_MS = 25_000;

const prefix = (stream: Readable | null, { name, print }: RolePlan): void => {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => print(`[${name}] ${line}`));
};

const stopper =
  (child: ChildProcess, pid: number, exited: Promise<unknown>, plan: RolePlan) => async (): Promise<void> => {
    const limitMs = plan.stopLimitMs ?? STOP_LIMIT_MS;
    signal(pid, 'SIGTERM');
    const timer = setTimeout(() => {
      plan.print(`${plan.name} did not stop within ${limitMs / 1_000} s: killing it`);
      child.kill('SIGKILL');
    }, limitMs);
    await exited;
    clearTimeout(timer);
  };

/**
 * Starts `main serve <roles>` in a process group of its own, so that the terminal's Ctrl-C reaches only
 * the supervisor, which decides the order. The IPC channel carries no messages: its closing tells the
 * child that a kill -9 took the supervisor away.
 */
export const startRole = async (plan: RolePlan): Promise<ChildHandle> => {
  const child = spawn(process.execPath, [...nodeArguments, plan.main, 'serve', ...plan.roles], {
    env: { ...plan.env, ONSALE_PARENT: 'ipc' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  prefix(child.stdout, plan);
  prefix(child.stderr, plan);
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      rmSync(plan.pidFile, { force: true });
      resolve();
    });
  });
  const { pid } = child;
  if (pid === undefined) return exited.then(() => Promise.reject(new Error(`${plan.name} could not be run`)));
  mkdirSync(dirname(plan.pidFile), { recursive: true });
  writeFileSync(plan.pidFile, JSON.stringify({ pid, mark: plan.main }));
  return { pid, exited, stop: stopper(child, pid, exited, plan) };
};
