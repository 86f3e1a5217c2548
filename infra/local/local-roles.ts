import { join } from 'node:path';
import { onFreePorts } from './free-port.ts';
import { startRole } from './role-process.ts';
import { userOfRoles, withUser } from './server-users.ts';
import { type ChildHandle, supervise } from './supervise.ts';
import { waitReady } from './wait-ready.ts';

export interface LocalRoles {
  readonly stateDir: string;
  /** The program that knows `serve <roles>`. */
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
  /** The address of the API. */
  readonly address: string;
  readonly print: (line: string) => void;
  /** Aborted when a person stops it while it is still starting. */
  readonly stopping: AbortSignal;
}

// A projector must not share its event loop with the HTTP server.
const PROCESSES = [
  { name: 'command query', roles: ['command', 'query'] },
  { name: 'projector', roles: ['projector'] },
] as const;

/**
 * All traces are kept, up to a maximum number, so that a new user finds their own at /traces. One person notices a start that
 * takes longer, and not that the first requests do.
 */
const localDefaults = {
  ONSALE_TRACES_VIEWED: '200',
  OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  ONSALE_WARM_UP_MS: '0',
};

/** The pid file of each role. */
export const rolePidFiles = (stateDir: string): readonly string[] =>
  PROCESSES.map(({ roles }) => join(stateDir, 'roles', `${roles.join('-')}.pid`));

export interface RunningRoles {
  readonly stop: () => Promise<void>;
}

interface StartPlan extends LocalRoles {
  readonly opsPorts: readonly number[];
  readonly onDeath: (name: string) => void;
}

/** Starts every role as a supervised child process, and resolves once all of them are ready. */
export const startRoles = (plan: LocalRoles): Promise<RunningRoles> =>
  onFreePorts(PROCESSES.length, async (opsPorts) => {
    // A process that dies before it was ready for the first time counts as a failed start and is not
    // restarted.
    const early = new AbortController();
    const onDeath = (name: string): void => early.abort(new Error(`${name} ended while starting, see above`));
    const running = await startProcesses({ ...plan, opsPorts, onDeath });
    try {
      await untilReady({ ...plan, opsPorts }, AbortSignal.any([early.signal, plan.stopping]));
      return running;
    } catch (error) {
      await running.stop();
      throw error;
    }
  });

const opsAddressOf = (port: number | undefined): string => `http://127.0.0.1:${port}`;

const startProcesses = async (starting: StartPlan): Promise<RunningRoles> => {
  const { stateDir, main, print, onDeath } = starting;
  const pidFiles = rolePidFiles(stateDir);
  const running = await Promise.all(
    PROCESSES.map(({ name, roles }, index) => {
      const pidFile = pidFiles[index] ?? join(stateDir, 'role.pid');
      const env = environmentOf(starting, index, roles);
      const start = async (): Promise<ChildHandle> => {
        const role = await startRole({ name, main, roles, env, pidFile, print });
        void role.exited.then(() => onDeath(name));
        return role;
      };
      return supervise({ name, start, print });
    }),
  );
  return {
    stop: async () => {
      await Promise.all(running.map(({ stop }) => stop()));
    },
  };
};

const environmentOf = (
  { env, opsPorts }: StartPlan,
  index: number,
  roles: readonly string[],
): NodeJS.ProcessEnv => ({
  ...localDefaults,
  ...withUser(env, userOfRoles(roles)),
  // The ops ports listen on loopback, wherever the API listens.
  OPS_HOST: '127.0.0.1',
  OPS_PORT: String(opsPorts[index]),
  ONSALE_OPS_PEERS: opsPorts
    .filter((_, other) => other !== index)
    .map(opsAddressOf)
    .join(','),
});

/** Asks every process for each of its roles, because a process is ready while one of its roles works. */
const untilReady = async (
  { address, opsPorts }: Pick<StartPlan, 'address' | 'opsPorts'>,
  signal: AbortSignal,
): Promise<void> => {
  const own = PROCESSES.map(({ roles }, index) => waitReady(opsAddressOf(opsPorts[index]), roles, signal));
  await Promise.all([waitReady(address, PROCESSES[0].roles, signal), ...own]);
};
