import { readFileSync } from 'node:fs';
import { Redis, type RedisOptions } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { maskUrl } from '../../src/shared/mask-url.ts';

const CONNECT_LIMIT_MS = 3_000;

// When a name has several addresses, a refused connection has its reason in the error code only.
const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
};

const requireScheme = (url: string, schemes: readonly string[]): void => {
  const scheme = URL.canParse(url) ? new URL(url).protocol.slice(0, -1) : '';
  if (!schemes.includes(scheme)) throw new Error(`it must look like ${schemes[0]}://host:port`);
};

/** For a cluster, the node that is named first; each process finds the others by itself. */
const newRedis = (url: string, options: Omit<RedisOptions, 'replyMapping'>): Redis => {
  const [, username, password, path] =
    /^(?:redis\+)?unix:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(\/[^?]*)/.exec(url) ?? [];
  if (path)
    return new Redis({ ...options, path, ...(username && { username }), ...(password && { password }) });
  requireScheme(url, ['redis', 'rediss', 'redis+cluster', 'rediss+cluster', 'redis+unix']);
  return new Redis(url.replace(/^(rediss?)\+cluster:/, '$1:').replace(/\?.*$/, ''), options);
};

const pingRedis = async (url: string, ca: Buffer | undefined): Promise<void> => {
  const options = {
    lazyConnect: true,
    connectTimeout: CONNECT_LIMIT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    ...(ca && { tls: { ca } }),
  };
  const redis = newRedis(url, options);
  // The reason comes as an event; the rejected promise only says that the connection is closed.
  const failed = new Promise<never>((_, reject) => redis.on('error', reject));
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), failed]);
  } finally {
    redis.disconnect();
  }
};

const pingDatabase = async (url: string, ca: Buffer | undefined): Promise<void> => {
  requireScheme(url, ['mysql']);
  const connection = await createConnection({
    uri: url,
    connectTimeout: CONNECT_LIMIT_MS,
    ...(ca && { ssl: { ca, verifyIdentity: true } }),
  });
  try {
    await connection.query('SELECT 1');
  } finally {
    connection.destroy();
  }
};

type Ping = (url: string, ca: Buffer | undefined) => Promise<void>;

interface ServerAddress {
  readonly url: string;
  /** The file with the certificate authorities for this server, if one is given. */
  readonly caFile?: string | undefined;
}

const check = async (name: string, { url, caFile }: ServerAddress, ping: Ping): Promise<string> => {
  try {
    await ping(url, caFile ? readFileSync(caFile) : undefined);
    return url;
  } catch (error) {
    throw new Error(`${name} ${maskUrl(url)} cannot be used: ${reason(error)}`, { cause: error });
  }
};

/**
 * Resolves to the URL when the server answers. Otherwise throws one line that says which server and why,
 * without the password.
 */
export const checkRedis = (given: ServerAddress): Promise<string> => check('REDIS_URL', given, pingRedis);

/** As checkRedis, for MariaDB/MySQL. */
export const checkDatabase = (given: ServerAddress): Promise<string> =>
  check('DATABASE_URL', given, pingDatabase);
