import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isPortFree } from './free-port.ts';
import { stopLeftOver } from './left-over.ts';
import type { ServerFiles } from './paths.ts';
import { signal } from './process-identity.ts';
import { patience } from './wait-until.ts';

const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 20_000;
const LOG_TAIL_LINES = 15;

export interface PrivateServerOptions {
  /** Its data, log and pid file; made when missing. */
  readonly dir: string;
  /** A free one when not given. */
  readonly port?: number;
  /** Another checkout's configuration; this one's when not given. */
  readonly files?: ServerFiles;
  /** Settings that go before those of our configuration file. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A private server that this process started. */
export interface Server {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dir: string;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** SIGTERM, wait, SIGKILL after a limit. The data stays. */
  readonly stop: () => Promise<void>;
  /** Any signal; does not wait except after SIGKILL. */
  readonly kill: (name: NodeJS.Signals) => Promise<void>;
}

export interface ServerPlan {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly dir: string;
  readonly port: number;
  readonly url: string;
  /**
   * Whether this very server answers a query. That it accepts connections is not enough, because another
   * server may have the port.
   */
  readonly answers: () => Promise<boolean>;
}

export const pidFile = (dir: string): string => join(dir, 'server.pid');

const logTail = (file: string): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');

const faultOf = async (
  { name, port }: ServerPlan,
  { how, logFile }: { readonly how: string; readonly logFile: string },
): Promise<string> =>
  (await isPortFree(port, '127.0.0.1'))
    ? `${name} ${how} while starting; ${logFile} ends with:\n${logTail(logFile)}`
    : `${name} ${how} while starting: another program has taken its port ${port}. Stop that program, or start again`;

/**
 * Starts a server and resolves once it answers. Its own process group keeps the terminal's Ctrl-C
 * away from it: the processes that use it must stop first. Its pid is written to a file so that a later
 * start finds a server that a kill -9 left behind.
 */
export const startServer = async (plan: ServerPlan): Promise<Server> => {
  mkdirSync(plan.dir, { recursive: true });
  await stopLeftOver(pidFile(plan.dir));
  const logFile = join(plan.dir, 'server.log');
  const log = openSync(logFile, 'a');
  const child = spawn(plan.program, plan.args, {
    cwd: plan.dir,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let gone = false;
  const exited = new Promise<void>((resolve) => {
    const left = (): void => {
      gone = true;
      rmSync(pidFile(plan.dir), { force: true });
      resolve();
    };
    child.once('exit', left);
    child.once('error', left);
  });
  await Promise.race([once(child, 'spawn'), exited]);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${plan.name}: ${plan.program} could not be run`);
  writeFileSync(pidFile(plan.dir), JSON.stringify({ pid, mark: plan.dir }));

  const deadline = performance.now() + READY_LIMIT_MS * patience();
  while (!gone && !(await plan.answers())) {
    if (performance.now() > deadline) break;
    await Promise.race([delay(15), exited]);
  }
  const kill = async (name: NodeJS.Signals): Promise<void> => {
    signal(pid, name);
    if (name === 'SIGKILL') await exited;
  };
  if (gone || performance.now() > deadline) {
    const how = gone ? 'stopped' : 'did not answer';
    await kill('SIGKILL');
    throw new Error(await faultOf(plan, { how, logFile }));
  }
  const stop = async (): Promise<void> => {
    signal(pid, 'SIGTERM');
    const timer = setTimeout(() => signal(pid, 'SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  };
  return { url: plan.url, port: plan.port, pid, dir: plan.dir, exited, stop, kill };
};
