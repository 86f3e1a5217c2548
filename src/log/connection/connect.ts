import { readFileSync } from 'node:fs';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger, Random } from '../../domain/ports.ts';
import { backoffMs } from '../../shared/backoff.ts';
import { isUnixUrl, maskUrl } from '../../shared/mask-url.ts';
import { type ConnectionGroup, newConnectionGroup, type ReadyConnection } from './connection-group.ts';
import { logOutages } from './log-outages.ts';
import { noteServer, type Preparation, prepareConnection, recheckConnection } from './prepare-connection.ts';
import { failuresOf, holdUntilPrepared, reasonOf } from './readiness.ts';
import { caFileOf, redisUrlFault } from './redis-url.ts';
import { demotedServer, refusalIn } from './unfit-server.ts';
import { parseUnixUrl } from './unix-url.ts';

/**
 * What a connection is for. Each kind has its own connection, so that no kind has to wait for another.
 * - `producer`: appends, and nothing that could delay them;
 * - `control`: scripts and short queries;
 * - `blocking`: waits for entries, BLOCK at most `blockMsMax`;
 * - `subscriber`: channels. It does not subscribe again by itself; its user listens to `ready`, because only
 *   then does the user know from when on nothing is missed.
 */
export type ConnectionKind = 'producer' | 'control' | 'blocking' | 'subscriber';

export interface ConnectOptions extends Partial<Omit<Preparation, 'check'>> {
  readonly url: string;
  readonly kind: ConnectionKind;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly logger: Logger;
  readonly random?: Random;
  /** How long the first connection may take. */
  readonly firstMs?: number;
  /**
   * How long to wait for the reply to a command; after that it is unknown whether the command was executed.
   */
  readonly commandMs?: number;
  /** Ends the first connection attempt early. */
  readonly signal?: AbortSignal;
  /** The connections that leave a server together; a group of its own unless given. */
  readonly group?: ConnectionGroup;
  /**
   * Called when the server redirects a command to another node. The command is rejected all the same: only
   * its sender knows whether it may be sent again.
   */
  readonly onRedirect?: () => void;
}

export const blockMsMax = 1_000;

const firstMsDefault = 3_000;
const commandMsDefault = 2_000;
const blockingCommandMs = blockMsMax + 1_500;
/**
 * The longest pause after a failed attempt, and the time limit of an attempt. After an outage, decisions wait
 * for both.
 */
export const reconnecting = { pauseMsMax: 1_000, attemptMs: 2_000 };
const reconnectingPauses = { first: 50, last: reconnecting.pauseMsMax };

/** Retrying cannot help against these errors, so the first connection fails at once. */
const hopeless = /WRONGPASS|NOAUTH|NOPERM|invalid password/;

/**
 * A connection that is not opened yet. Once connect() is called, it never gives up: it reconnects with a
 * capped, jittered back-off, and meanwhile rejects every command at once. Each time it is made, it is ready
 * only when it is prepared: the scripts are loaded, and the server is known to be a primary and the right
 * one.
 *
 * Three options keep ioredis from sending a command twice: no offline queue, no retries, no resending. A
 * command whose reply is lost is rejected, and it is unknown whether it was executed. A connection whose
 * server leaves commands unanswered (as after a network cut that sends no packet) is dropped, so that a
 * late reply cannot delay later commands. When a server says that it is not a primary any more, all
 * connections of the group leave it.
 */
export const newConnection = (options: ConnectOptions): Redis => {
  const { url, kind, logger, random = Math.random } = options;
  const group = options.group ?? newConnectionGroup({ where: maskUrl(url), logger });
  let member: ReadyConnection | undefined;
  const redis: Redis = newDriver(url, {
    ...redisOptions(options),
    ...trustOf(url),
    retryStrategy: (attempt) => backoffMs(Math.max(attempt, failuresOf(redis)), reconnectingPauses, random),
    reconnectOnError: (error) => {
      const refusal = refusalIn(error);
      if (refusal !== undefined) options.onRedirect?.();
      if (refusal === 'demoted' && member) group.refused(member, demotedServer(error));
      return false;
    },
  });
  const outages = logOutages(redis, { redis: maskUrl(url), connection: kind }, logger);
  const preparation = preparationOf(options, group);
  const { drop } = holdUntilPrepared(redis, {
    prepare: async (asking) => {
      const server = await prepareConnection(asking, preparation);
      noteServer(redis, server);
      member = { server, recheck: () => recheckConnection(asking, preparation), drop };
    },
    onFailed: outages.logUnusable,
  });
  redis.on('error', () => bearMoreErrors(redis));
  redis.on('ready', () => member && group.join(member));
  redis.on('close', () => member && group.leave(member));
  return redis;
};

/**
 * The driver handles only the first error of a socket. With TLS a second one may follow a refused certificate, and an
 * error event without a listener ends the process.
 */
const bearMoreErrors = ({ stream }: { readonly stream?: Redis['stream'] }): void => {
  if (stream && !stream.listeners('error').includes(ignore)) stream.on('error', ignore);
};

const ignore = (): void => undefined;

/** Opens the driver's client. The driver itself cannot parse the URL of a socket that contains a user. */
const newDriver = (url: string, options: Omit<RedisOptions, 'replyMapping'>): Redis => {
  const address = isUnixUrl(url) ? parseUnixUrl(url) : undefined;
  if (typeof address === 'string') throw new Error(`cannot use Redis at ${maskUrl(url)}: ${address}`);
  return address ? new Redis({ ...options, ...address }) : new Redis(url, options);
};

const preparationOf = (
  { scripts = [], wants = 'primary', keeps = () => true }: ConnectOptions,
  { check }: ConnectionGroup,
): Preparation => ({ scripts, wants, keeps, check });

/** Connects to one server. Throws one line that says where and why it failed. */
export const connect = async (options: ConnectOptions): Promise<Redis> => {
  const fault = redisUrlFault(options.url);
  if (fault !== undefined) throw new Error(`cannot use Redis at ${maskUrl(options.url)}: ${fault}`);
  const redis = newConnection(options);
  await firstReady(redis, options);
  return redis;
};

/**
 * The certificates to trust. Empty without TLS, because the driver uses TLS as soon as there is a `tls`
 * option.
 */
const trustOf = (url: string): Pick<RedisOptions, 'tls'> => {
  const caFile = url.startsWith('rediss:') ? caFileOf(url) : undefined;
  if (caFile === undefined) return {};
  try {
    return { tls: { ca: readFileSync(caFile) } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot use Redis at ${maskUrl(url)}: ${why}`, { cause: error });
  }
};

const redisOptions = ({ kind, name, commandMs }: ConnectOptions) => {
  const timeoutMs = kind === 'blocking' ? blockingCommandMs : (commandMs ?? commandMsDefault);
  return {
    lazyConnect: true,
    connectionName: `onsale-${name}-${kind}`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    commandTimeout: timeoutMs,
    socketTimeout: timeoutMs + 1_000,
    connectTimeout: reconnecting.attemptMs,
    disconnectTimeout: 100,
    keepAlive: 10_000,
    maxLoadingRetryTime: 500,
    // Our connections have names of their own. The driver's own note needs a command that no role is allowed
    // to use.
    disableClientInfo: true,
  } satisfies RedisOptions;
};

const firstReady = (redis: Redis, options: ConnectOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    const { url, signal, firstMs = firstMsDefault } = options;
    let why = `no answer within ${firstMs} ms`;
    const settle = (): void => {
      clearTimeout(timer);
      redis.off('error', onError);
      redis.off('ready', onReady);
      signal?.removeEventListener('abort', onAbort);
    };
    const giveUp = (): void => {
      settle();
      redis.disconnect();
      reject(new Error(`cannot use Redis at ${maskUrl(url)}: ${why}`));
    };
    const onError = (error: Error): void => {
      why = reasonOf(error);
      if (hopeless.test(why)) giveUp();
    };
    const onReady = (): void => {
      settle();
      resolve();
    };
    const onAbort = (): void => {
      why = 'stopped while connecting';
      giveUp();
    };
    const timer = setTimeout(giveUp, firstMs);
    redis.on('error', onError);
    redis.on('ready', onReady);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    // The rejection says only "Connection is closed."; the error event has the reason.
    else redis.connect().catch(() => undefined);
  });

/** Ends a connection and its reconnecting for good; open commands are rejected. */
export const closeConnection = (redis: Redis): Promise<void> =>
  new Promise((resolve) => {
    const open = redis.status === 'ready' || redis.status === 'connect' || redis.status === 'connecting';
    redis.once('end', resolve);
    redis.disconnect();
    if (!open) resolve();
  });
