import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { paths } from '../../infra/local/paths.ts';
import type { Urls } from './sides/side.ts';

/** What the figures depend on: without it they cannot be compared with others. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
}

const redisSettings = ['appendonly', 'appendfsync', 'maxmemory-policy'];
const databaseSettings = [
  'innodb_flush_log_at_trx_commit',
  'innodb_buffer_pool_size',
  'innodb_log_file_size',
  'transaction_isolation',
  'tx_isolation',
  'log_bin',
];

/** Settings are read from the running servers, not from our files. */
export const describeMachine = async (urls: Urls): Promise<Machine> => {
  const [redis, database] = await Promise.all([askRedis(urls.redisUrl), askDatabase(urls.databaseUrl)]);
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    versions: { onsale: ownVersion(), node: process.version, redis: redis.version, mysql: database.version },
    settings: { ...redis.settings, ...database.settings },
  };
};

/** With the commit, if this is a checkout: many commits have the same version before a release. */
const ownVersion = (): string => {
  const version = /"version": "([^"]+)"/.exec(readFileSync(join(paths.root, 'package.json'), 'utf8'))?.[1];
  try {
    const args = ['describe', '--always', '--dirty'];
    const commit = execFileSync('git', args, {
      cwd: paths.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `${version} (${commit.trim()})`;
  } catch {
    return String(version);
  }
};

interface ServerFacts {
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
}

const askRedis = async (url: string): Promise<ServerFacts> => {
  const redis = new Redis(url);
  const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
  const settings: Record<string, string> = {};
  for (const name of redisSettings) settings[`redis ${name}`] = parseSetting(await redis.config('GET', name));
  redis.disconnect();
  return { version, settings };
};

const parseSetting = (reply: unknown): string => String((reply as readonly unknown[])[1] ?? '');

const askDatabase = async (url: string): Promise<ServerFacts> => {
  const connection = await createConnection(url);
  const [versions] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  const [rows] = await connection.query<RowDataPacket[]>('SHOW VARIABLES WHERE Variable_name IN (?)', [
    databaseSettings,
  ]);
  await connection.end();
  const settings = rows.map((row) => [`mysql ${row['Variable_name']}`, String(row['Value'])]);
  return { version: String(versions[0]?.['version']), settings: Object.fromEntries(settings) };
};

/** One line for the end of a run. */
export const machineText = ({ cpu, cores, memoryGb, versions }: Machine): string =>
  [
    `${cores} × ${cpu}, ${memoryGb} GB`,
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
  ].join(', ');
