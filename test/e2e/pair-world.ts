import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { type Backends, startBackends } from '../support/backends.ts';
import { openShow, reserve } from '../support/client.ts';
import { type Onsale, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { openRedis, type RedisClient } from '../support/open-redis.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert } from '../support/suite.ts';

export const env = { ONSALE_PARTITIONS: '4', ONSALE_LEASE_TTL_MS: '1000' };

/** A whole onsale on servers of its own, whose database or Redis a test may replace. */
export interface PairWorld {
  readonly backends: Backends;
  readonly redis: RedisClient;
  readonly api: () => Onsale;
  readonly projector: () => Onsale;
  /** Starts both at once. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Runs a command or roles, with the pair's addresses unless others are given. */
  readonly run: (args: readonly string[], others?: NodeJS.ProcessEnv) => ReturnType<typeof runOnsale>;
  readonly sellOne: (customer: string) => Promise<string>;
  /** The pair id in Redis. */
  readonly idInRedis: () => Promise<string | null>;
}

export const startPairWorld = async (): Promise<PairWorld> => {
  const backends = await startBackends();
  const redis = await openRedis(backends.urls.redisUrl);
  const serve = (roles: Parameters<typeof startOnsale>[0]['roles']) =>
    startOnsale({ roles, ...backends.urls, env });
  const both = () => Promise.all([serve(['command', 'query']), serve(['projector'])]);
  let [api, projector] = await both();
  const stop = async (): Promise<void> => {
    await Promise.all([api.stop(), projector.stop()]);
  };
  return {
    backends,
    redis,
    api: () => api,
    projector: () => projector,
    start: async () => {
      [api, projector] = await both();
    },
    stop,
    close: async () => {
      await stop();
      redis.disconnect();
      await backends.remove();
    },
    run: (args, others = {}) =>
      runOnsale(args, {
        REDIS_URL: backends.urls.redisUrl,
        DATABASE_URL: backends.urls.databaseUrl,
        // Only `serve` uses these.
        ...(args[0] === 'serve' && { ONSALE_ID_KEYS: testIdKey, PORT: '0', OPS_PORT: '0' }),
        ...env,
        ...others,
      }),
    sellOne: async (customer) => {
      const showId = await openShow(api.url, { stalls: 10 });
      const { status, body } = await reserve(api.url, { customer, showId, quantity: 1, wait: 30 });
      assert.is(status, 201, JSON.stringify(body));
      return String(body['id']);
    },
    idInRedis: () => redis.hget('onsale:settings', 'pair'),
  };
};

export const sql = async (url: string, statement: string): Promise<readonly RowDataPacket[]> => {
  const connection = await createConnection({ uri: url, multipleStatements: true });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    await connection.end();
  }
};

export const idInMysql = async (url: string): Promise<unknown> =>
  (await sql(url, "SELECT value FROM settings WHERE name = 'pair'"))[0]?.['value'];

export const decisionsIn = async (url: string): Promise<number> =>
  Number((await sql(url, 'SELECT COUNT(*) AS n FROM journal'))[0]?.['n']);

/** A migrated database that does not belong to a pair yet. */
export const newDatabase = async ({ run }: Pick<PairWorld, 'run'>): Promise<Database> => {
  const database = await createDatabase();
  const { code, output } = await run(['migrate'], { DATABASE_URL: database.url });
  assert.is(code, 0, output);
  return database;
};

/** A copy of all tables with their present rows, like a dump. */
export const copyOf = async (fromUrl: string): Promise<Database> => {
  const copy = await createDatabase();
  const name = (url: string): string => new URL(url).pathname.slice(1);
  for (const row of await sql(fromUrl, 'SHOW TABLES')) {
    const table = String(Object.values(row)[0]);
    const [from, to] = [`${name(fromUrl)}.${table}`, `${name(copy.url)}.${table}`];
    await sql(copy.url, `CREATE TABLE ${to} LIKE ${from}; INSERT INTO ${to} SELECT * FROM ${from}`);
  }
  return copy;
};
