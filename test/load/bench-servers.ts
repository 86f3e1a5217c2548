import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { ensureServers } from '../../infra/local/install-servers.ts';
import { paths } from '../../infra/local/paths.ts';
import { startMariadb } from '../../infra/local/private-mariadb.ts';
import { startRedis } from '../../infra/local/private-redis.ts';
import { signal } from '../../infra/local/process-identity.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Urls } from './sides/side.ts';

/** A Redis and a MariaDB of the bench's own, with the settings we ship. */
export interface BenchServers {
  readonly pids: Readonly<Record<string, number>>;
  readonly urls: Urls;
  /** The same servers, holding nothing: no side pays for what another one left behind. */
  readonly fresh: () => Promise<Urls>;
  readonly stop: () => Promise<void>;
}

export const startBenchServers = async (): Promise<BenchServers> => {
  ensureServers(['redis', 'mariadb'], console.log);
  const state = join(paths.root, '.onsale');
  mkdirSync(state, { recursive: true });
  const dir = mkdtempSync(join(state, 'bench-'));
  const [redis, mariadb] = await Promise.all([
    startRedis({ dir: join(dir, 'redis') }),
    startMariadb({ dir: join(dir, 'mariadb') }),
  ]);
  const urls = { redisUrl: redis.url, databaseUrl: mariadb.url };
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  // A run that is broken off leaves neither servers nor gigabytes behind.
  const abandon = (): void => {
    for (const { pid } of [redis, mariadb]) signal(pid, 'SIGKILL');
    remove();
  };
  process.once('exit', abandon);
  return {
    pids: { redis: redis.pid, mariadb: mariadb.pid },
    urls,
    fresh: async () => {
      await Promise.all([emptyRedis(redis.url), emptyDatabase(mariadb.url)]);
      return urls;
    },
    stop: async () => {
      process.off('exit', abandon);
      await Promise.all([redis.stop(), mariadb.stop()]);
      remove();
    },
  };
};

/** The AOF too: otherwise it would be rewritten in the middle of the next measurement. */
const emptyRedis = async (url: string): Promise<void> => {
  const redis = new Redis(url);
  await redis.flushall();
  await redis.bgrewriteaof();
  const isRewritten = async (): Promise<boolean> =>
    (await redis.info('persistence')).includes('aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0');
  await waitUntil(isRewritten, { limitMs: 30_000 });
  redis.disconnect();
};

const emptyDatabase = async (url: string): Promise<void> => {
  const connection = await createConnection(url);
  await connection.query('DROP DATABASE onsale');
  await connection.query('CREATE DATABASE onsale CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await connection.end();
};
