import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { startRole } from './role-process.ts';
import { userOfRoles, withUser } from './server-users.ts';
import { type Running, supervise } from './supervise.ts';

export interface LocalRoles {
  readonly stateDir: string;
  /** The program that knows `serve <roles>`. */
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly onDeath: (name: string) => void;
}

// A projector must not share its event loop with the HTTP server.
const PROCESSES = [
  { name: 'command query', roles: ['command', 'query'] },
  { name: 'projector', roles: ['projector'] },
] as const;

/** A newcomer sees every trace at /traces, as far as there are not too many. */
const viewing = { ONSALE_TRACES_VIEWED: '200', OTEL_TRACES_SAMPLER: 'parentbased_always_on' };

/** Where each role's pid is written down. */
export const rolePidFiles = (stateDir: string): readonly string[] =>
  PROCESSES.map(({ roles }) => join(stateDir, 'roles', `${roles.join('-')}.pid`));

export interface RunningRoles {
  /** Where each of them answers /readyz. */
  readonly opsAddresses: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Starts every role as a supervised child process. */
export const startRoles = async (plan: LocalRoles): Promise<RunningRoles> => {
  const { stateDir, main, env, say, onDeath } = plan;
  const pidFiles = rolePidFiles(stateDir);
  const ports = await Promise.all(PROCESSES.map(() => freePort()));
  const addresses = ports.map((port) => `http://127.0.0.1:${port}`);
  const starting = PROCESSES.map(async ({ name, roles }, index) => {
    const pidFile = pidFiles[index] ?? join(stateDir, 'role.pid');
    const opsAddress = addresses[index] ?? '';
    const roleEnv = {
      ...viewing,
      ...withUser(env, userOfRoles(roles)),
      OPS_PORT: String(ports[index]),
      ONSALE_OPS_PEERS: addresses.filter((address) => address !== opsAddress).join(','),
    };
    const start = async (): Promise<Running> => {
      const role = await startRole({ name, main, roles, env: roleEnv, pidFile, say });
      void role.exited.then(() => onDeath(name));
      return role;
    };
    const { stop } = await supervise({ name, start, say });
    return { stop, opsAddress };
  });
  const roles = await Promise.all(starting);
  return {
    opsAddresses: roles.map(({ opsAddress }) => opsAddress),
    stop: async () => {
      await Promise.all(roles.map(({ stop }) => stop()));
    },
  };
};
