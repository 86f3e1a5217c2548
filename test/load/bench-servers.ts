import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import type { ServerFiles } from '../../infra/local/paths.ts';
import { startMariadb } from '../../infra/local/private-mariadb.ts';
import { startRedis } from '../../infra/local/private-redis.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Urls } from './sides/side.ts';

/** A Redis and a MariaDB for the bench, with the settings that we ship, or that another build ships. */
export interface BenchServers {
  readonly pids: Readonly<Record<string, number>>;
  readonly urls: Urls;
  /** The same servers, emptied: no side pays for what another one left. */
  readonly fresh: () => Promise<Urls>;
  readonly stop: () => Promise<void>;
}

export interface BenchServersOptions {
  /** A directory for these servers only; removed when they are stopped. */
  readonly dir: string;
  readonly files: ServerFiles;
}

export const startBenchServers = async ({ dir, files }: BenchServersOptions): Promise<BenchServers> => {
  const [redis, mariadb] = await Promise.all([
    startRedis({ dir: join(dir, 'redis'), files }),
    startMariadb({ dir: join(dir, 'mariadb'), files }),
  ]);
  const urls = { redisUrl: redis.url, databaseUrl: mariadb.url };
  return {
    pids: { redis: redis.pid, mariadb: mariadb.pid },
    urls,
    fresh: async () => {
      await Promise.all([emptyRedis(redis.url), emptyDatabase(mariadb.url)]);
      return urls;
    },
    stop: async () => {
      await Promise.all([redis.stop(), mariadb.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** Empties the AOF too: otherwise it would be rewritten in the middle of the next measurement. */
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
