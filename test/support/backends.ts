import { runOnsale, testIdKey } from './onsale.ts';
import { startOwnRedisCluster } from './redis-cluster.ts';
import { createDatabase, type Database, type OwnServer, startOwnRedis } from './servers.ts';

/** A Redis and a migrated database for one test file. */
export interface Backends {
  readonly redis: OwnServer;
  readonly database: Database;
  readonly urls: { readonly redisUrl: string; readonly databaseUrl: string };
  readonly remove: () => Promise<void>;
}

/**
 * A long time-out before a master counts as failed: on a busy machine the tests would otherwise meet a
 * fail-over that they do not expect.
 */
const patient = { 'cluster-node-timeout': '5000' } as const;

/**
 * One server, unless ONSALE_TEST_REDIS=cluster is set: then every test that starts backends runs on a
 * cluster.
 */
const startRedis = (): Promise<OwnServer> =>
  process.env['ONSALE_TEST_REDIS'] === 'cluster'
    ? startOwnRedisCluster({ settings: patient })
    : startOwnRedis();

export const startBackends = async (start: () => Promise<OwnServer> = startRedis): Promise<Backends> => {
  const [redis, database] = await Promise.all([start(), createDatabase()]);
  const migrated = await runOnsale(['migrate'], {
    REDIS_URL: redis.url,
    DATABASE_URL: database.url,
    ONSALE_ID_KEYS: testIdKey,
  });
  if (migrated.code !== 0) throw new Error(`not migrated: ${migrated.output}`);
  return {
    redis,
    database,
    urls: { redisUrl: redis.url, databaseUrl: database.url },
    remove: async () => {
      await redis.remove();
      await database.drop();
    },
  };
};
