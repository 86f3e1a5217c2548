import { join } from 'node:path';
import { claimPort, isPortFree } from './free-port.ts';
import { localIdKeys } from './id-keys.ts';
import { findLeftOver, stopLeftOver } from './left-over.ts';
import { rolePidFiles, startRoles } from './local-roles.ts';
import { localServers } from './local-servers.ts';
import { releaseLock, takeLock } from './once-lock.ts';
import { signal } from './process-identity.ts';
import { runNode } from './run-node.ts';
import { pidFile } from './server-process.ts';
import { withUser } from './server-users.ts';

export interface LocalOptions {
  /** The data of servers, keys and pid files; no other directory is written. */
  readonly stateDir: string;
  /** The program that knows `migrate` and `serve <roles>`. */
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  /** Makes `main`, while the servers start. */
  readonly build: () => Promise<void>;
  /** Aborted when a person stops it while it is still starting. */
  readonly stopping: AbortSignal;
}

export interface LocalRun {
  readonly address: string;
  /** Stops roles first, then servers, so that work in flight can still finish. */
  readonly stop: () => Promise<void>;
}

const BAD_PORT_LIMIT_MS = 1_000;

type Stop = () => void | Promise<void>;

interface ApiAddress {
  readonly host: string;
  readonly port: number;
  /** The address for clients on this machine. */
  readonly address: string;
}

const placeOf = ({ HOST: host = '127.0.0.1', PORT = '3000' }: NodeJS.ProcessEnv): ApiAddress => {
  const port = Number(PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`PORT must be 1 to 65535, not ${PORT}`);
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return { host, port, address: `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}` };
};

/** Stops in reverse order; a failure does not prevent the others from stopping. */
const undo = async (stops: Stop[]): Promise<void> => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    await Promise.resolve(stop()).catch(() => undefined);
  }
};

const requirePort = async ({ host, port, address }: ApiAddress): Promise<void> => {
  const fault = !(await isPortFree(port, host))
    ? `on ${host} is taken: stop what listens at ${address}, or`
    : (await isBadPort(address)) &&
      'is one that browsers and fetch refuse to ask, as that of another protocol:';
  if (fault) throw new Error(`Port ${port} ${fault} choose another: PORT=${port + 1} npm start`);
};

/** fetch refuses the ports on the list of its standard: https://fetch.spec.whatwg.org/#port-blocking */
const isBadPort = (address: string): Promise<boolean> =>
  fetch(address, { signal: AbortSignal.timeout(BAD_PORT_LIMIT_MS) }).then(
    () => false,
    ({ cause }: { readonly cause?: unknown }) => cause instanceof Error && cause.message === 'bad port',
  );

const serverPidFiles = (stateDir: string): readonly string[] =>
  ['redis', 'mariadb'].map((name) => pidFile(join(stateDir, name)));

/** Ends the processes that a killed run left behind: the roles, which may still finish their work, then their servers. */
const stopLeftOvers = async (stateDir: string): Promise<boolean> => {
  const roles = await Promise.all(rolePidFiles(stateDir).map(stopLeftOver));
  const servers = await Promise.all(serverPidFiles(stateDir).map(stopLeftOver));
  return [...roles, ...servers].includes(true);
};

const startAll = async (options: LocalOptions, place: ApiAddress, stops: Stop[]): Promise<void> => {
  const { stateDir, main, env, print, build, stopping } = options;
  const lock = join(stateDir, 'start.lock');
  takeLock(lock, place.address);
  stops.push(() => releaseLock(lock));
  if (await stopLeftOvers(stateDir)) print('Stopped what an earlier run, which was killed, had left running');
  await requirePort(place);
  // Keeps Redis and MariaDB from choosing the port on which the API listens a few seconds later.
  await claimPort(place.port);

  print('Starting servers and building …');
  const servers = localServers({ stateDir, env, print, onStarted: (stop) => stops.push(stop) });
  const [urls, built] = await Promise.allSettled([servers, build()]);
  if (urls.status === 'rejected') throw urls.reason;
  if (built.status === 'rejected') throw built.reason;
  stopping.throwIfAborted();

  const idKeys = env['ONSALE_ID_KEYS'] ?? localIdKeys(join(stateDir, 'id-keys'));
  const { host: HOST, port } = place;
  // The console shows only warnings and errors by default.
  const roleEnv = {
    LOG_LEVEL: 'warn',
    ...env,
    ...urls.value,
    ONSALE_ID_KEYS: idKeys,
    HOST,
    PORT: String(port),
  };
  print('Migrating the database …');
  await runNode({ name: 'migrate', args: [main, 'migrate'], env: withUser(roleEnv, 'migrate'), print });
  stopping.throwIfAborted();

  print('Starting command, query and projector …');
  const roles = await startRoles({ stateDir, main, env: roleEnv, address: place.address, print, stopping });
  stops.push(roles.stop);
};

/** Starts everything or nothing: after a failure it stops what was started, and throws. */
export const runLocal = async (options: LocalOptions): Promise<LocalRun> => {
  const place = placeOf(options.env);
  const stops: Stop[] = [];
  try {
    await startAll(options, place, stops);
    return { address: place.address, stop: () => undo(stops) };
  } catch (error) {
    await undo(stops);
    throw error;
  }
};

/** Kills every process of the run at once, without waiting. */
export const killLocal = (stateDir: string): void => {
  for (const file of [...rolePidFiles(stateDir), ...serverPidFiles(stateDir)]) {
    const pid = findLeftOver(file);
    if (pid !== undefined) signal(pid, 'SIGKILL');
  }
};
