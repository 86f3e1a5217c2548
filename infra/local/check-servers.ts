import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { maskPassword } from './say.ts';

const CONNECT_LIMIT_MS = 3_000;

// A refused connection to a name with several addresses carries its reason in a code only.
const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
};

const requireScheme = (url: string, schemes: readonly string[]): void => {
  const scheme = URL.canParse(url) ? new URL(url).protocol.slice(0, -1) : '';
  if (!schemes.includes(scheme)) throw new Error(`it must look like ${schemes[0]}://host:port`);
};

const pingRedis = async (url: string): Promise<void> => {
  requireScheme(url, ['redis', 'rediss', 'redis+cluster', 'rediss+cluster']);
  // Of a cluster the node that is named first; each process finds the others by itself.
  const oneNode = url.replace(/^(rediss?)\+cluster:/, '$1:').replace(/\?.*$/, '');
  const redis = new Redis(oneNode, {
    lazyConnect: true,
    connectTimeout: CONNECT_LIMIT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The reason comes as an event; the rejected promise only says that the connection is closed.
  const failed = new Promise<never>((_, reject) => redis.on('error', reject));
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), failed]);
  } finally {
    redis.disconnect();
  }
};

const pingDatabase = async (url: string): Promise<void> => {
  requireScheme(url, ['mysql']);
  const connection = await createConnection({ uri: url, connectTimeout: CONNECT_LIMIT_MS });
  try {
    await connection.query('SELECT 1');
  } finally {
    connection.destroy();
  }
};

const check = async (name: string, url: string, ping: (url: string) => Promise<void>): Promise<string> => {
  try {
    await ping(url);
    return url;
  } catch (error) {
    throw new Error(`${name} ${maskPassword(url)} cannot be used: ${reason(error)}`, { cause: error });
  }
};

/** The URL itself when the server behind it answers; else one line that says which and why, without the password. */
export const checkRedis = (url: string): Promise<string> => check('REDIS_URL', url, pingRedis);

/** As checkRedis, for MariaDB/MySQL. */
export const checkDatabase = (url: string): Promise<string> => check('DATABASE_URL', url, pingDatabase);
