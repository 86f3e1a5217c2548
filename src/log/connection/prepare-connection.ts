import type { Redis } from 'ioredis';
import { isErrorReply, UnfitServer } from './unfit-server.ts';

/** A connection that is checked before it is used. */
export interface ConnectionCandidate {
  /** Takes commands before the connection is ready for other users. */
  readonly redis: Redis;
  /** Whether this server keeps the key, as far as we know: one server keeps all, a node of a cluster does not. */
  readonly keeps: (key: string) => boolean;
}

/**
 * Checks by its data that the server is the right one. Throws UnfitServer when it is not; any other error
 * means that the server did not answer. `no-say`: the data to compare is on another node.
 */
export type ServerCheck = (checked: ConnectionCandidate) => Promise<'passed' | 'no-say'>;

export interface Preparation extends Pick<ConnectionCandidate, 'keeps'> {
  /** The scripts that the connection will call, as full Lua text. */
  readonly scripts: readonly string[];
  /** `any` is for commands that only inspect; all other users write, or must not miss what is written. */
  readonly wants: 'primary' | 'any';
  readonly check?: ServerCheck | undefined;
}

/** Identifies a server process; undefined where the server does not report it. */
export type ServerId = string | undefined;

const servers = new WeakMap<Redis, ServerId>();

/** Called each time the connection was made. */
export const noteServer = (redis: Redis, server: ServerId): void => {
  servers.set(redis, server);
};

/** The server process that the connection was made to last. */
export const serverIdOf = (redis: Redis): ServerId => servers.get(redis);

/**
 * Runs everything that is needed before a connection takes commands: loads the scripts, and checks that the server is the
 * primary and the right one. Throws if anything fails.
 */
export const prepareConnection = async (redis: Redis, preparation: Preparation): Promise<ServerId> => {
  const [id] = await Promise.all([
    expectPrimary(redis, preparation),
    ...preparation.scripts.map((text) => redis.script('LOAD', text)),
  ]).catch(explainRights);
  await runCheck(redis, preparation);
  return typeof id === 'string' ? id : undefined;
};

/** Checks again that the server is the primary and the right one; scripts stay loaded. */
export const recheckConnection = async (redis: Redis, preparation: Preparation): Promise<void> => {
  await expectPrimary(redis, preparation);
  await runCheck(redis, preparation);
};

const runCheck = async (redis: Redis, { check, keeps }: Preparation): Promise<void> => {
  await check?.({ redis, keeps });
};

const expectPrimary = async (redis: Redis, { wants }: Preparation): Promise<ServerId> => {
  if (wants === 'any') return undefined;
  const info = await redis.info('server', 'replication');
  if (infoField(info, 'role') === 'slave') throw new UnfitServer(replicaFault, 'server');
  return infoField(info, 'run_id');
};

/** One line for a replica where the primary is needed: what is wrong, and the remedy. */
export const replicaFault =
  'role: replica — this process needs the primary: let REDIS_URL lead there, or make this server the primary (REPLICAOF NO ONE)';

/** One field of a reply of INFO. */
export const infoField = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

const explainRights = (error: unknown): never => {
  if (isErrorReply(error) && error.message.startsWith('NOPERM'))
    throw new Error(`${error.message}; what each role needs is in infra/redis/users.conf`, { cause: error });
  throw error;
};
