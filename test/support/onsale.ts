import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../infra/local/free-port.ts';
import { nodeArguments as ownNodeArguments } from '../../infra/local/node-arguments.ts';
import { type ServerUser, userOfRoles, withUser } from '../../infra/local/server-users.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';

export type Role = 'command' | 'query' | 'projector';

/** A process of onsale as it is shipped: `node dist/main.js serve …`. */
export interface Onsale {
  readonly url: string;
  readonly opsUrl: string;
  readonly pid: number;
  /** Everything it has logged, one element per line. */
  readonly log: readonly string[];
  readonly hasExited: () => boolean;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<unknown>;
  /** Sends SIGTERM, waits, and returns the exit code. */
  readonly stop: () => Promise<number | null>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Sends SIGKILL and waits. */
  readonly kill: () => Promise<void>;
}

export interface OnsaleOptions {
  readonly roles: readonly Role[];
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a free port. */
  readonly opsPort?: number;
  /** Another build's `main.js`; default: that of this checkout. */
  readonly main?: string;
  /** Arguments of node for that build. */
  readonly nodeArguments?: readonly string[];
}

const ownMain = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export const testIdKey = 'a key for tests of thirty-two characters or more';

/** No test is about speed. */
const noWarmUp = { ONSALE_WARM_UP_MS: '0' };

/** The environment of a process that must not see the test run's own variables. */
const cleanEnvironment = (
  options: OnsaleOptions,
  ports: { port: number; opsPort: number },
): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  REDIS_URL: options.redisUrl,
  DATABASE_URL: options.databaseUrl,
  PORT: String(ports.port),
  OPS_PORT: String(ports.opsPort),
  ONSALE_ID_KEYS: testIdKey,
  // While the projector is stopped, the wait is estimated from earlier decisions. On a busy machine that may
  // be a minute.
  ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400',
  // Another build may not know the setting.
  ...(options.main === undefined && noWarmUp),
  ...options.env,
});

/**
 * Each role and command connects as its own database user, so that the whole suite proves that the rights are
 * enough.
 */
const userOf = ([verb, ...rest]: readonly string[]): ServerUser | undefined => {
  if (verb === 'serve') return userOfRoles(rest);
  return verb === 'migrate' ? 'migrate' : 'operate';
};

/**
 * Runs `onsale <arguments>` to its end. Its output is also reported as it appears, for tests that interrupt
 * it.
 */
export const runOnsale = async (
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onOutput: (output: string, child: ChildProcess) => void = () => undefined,
): Promise<{ readonly code: number | null; readonly output: string }> => {
  const child = spawn(process.execPath, [ownMain, ...args], {
    env: { PATH: process.env['PATH'], ...noWarmUp, ...withUser(env, userOf(args)) },
  });
  let output = '';
  const take = (chunk: unknown): void => {
    output += chunk;
    onOutput(output, child);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const [code] = await once(child, 'close');
  return { code, output };
};

/** Starts a process and waits until it reports that it is ready. */
export const startOnsale = async (options: OnsaleOptions): Promise<Onsale> => {
  const ports = { port: await freePort(), opsPort: options.opsPort ?? (await freePort()) };
  const { main = ownMain, nodeArguments = ownNodeArguments } = options;
  const args = [...nodeArguments, main, 'serve', ...options.roles];
  const child = spawn(process.execPath, args, {
    // If the test run is killed, this channel closes and the process ends; it carries no messages.
    env: { ...withUser(cleanEnvironment(options, ports), userOfRoles(options.roles)), ONSALE_PARENT: 'ipc' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => log.push(line));
  const onsale = handleOf(child, ports, log);
  const probe = `${onsale.opsUrl}/readyz?${options.roles.map((role) => `role=${role}`).join('&')}`;
  const ready = await waitUntil(async () => onsale.hasExited() || (await isReady(probe)), {
    limitMs: 40_000,
  });
  if (ready && !onsale.hasExited()) return onsale;
  await onsale.kill();
  throw new Error(
    `onsale serve ${options.roles.join(' ')} did not become ready:\n${log.slice(-20).join('\n')}`,
  );
};

/** Checks every role: the process itself reports ready as soon as one role is. */
const isReady = async (probe: string): Promise<boolean> =>
  await fetch(probe).then(
    (response) => response.ok,
    () => false,
  );

const handleOf = (
  child: ChildProcess,
  ports: { port: number; opsPort: number },
  log: readonly string[],
): Onsale => {
  const exited = once(child, 'exit');
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  // A test file that crashes must not leave its processes running.
  const killAtExit = (): boolean => child.kill('SIGKILL');
  process.on('exit', killAtExit);
  child.once('exit', () => process.off('exit', killAtExit));
  const end = async (name: NodeJS.Signals): Promise<number | null> => {
    if (!hasExited()) {
      child.kill(name);
      await exited;
    }
    return child.exitCode;
  };
  return {
    url: `http://127.0.0.1:${ports.port}`,
    opsUrl: `http://127.0.0.1:${ports.opsPort}`,
    pid: child.pid ?? 0,
    log,
    hasExited,
    exited,
    stop: () => end('SIGTERM'),
    signal: (name) => child.kill(name),
    kill: async () => {
      await end('SIGKILL');
    },
  };
};
