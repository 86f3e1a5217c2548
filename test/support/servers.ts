import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { grantUsers } from '../../infra/local/grant-users.ts';
import { startMariadb } from '../../infra/local/private-mariadb.ts';
import { startRedis } from '../../infra/local/private-redis.ts';
import { signal } from '../../infra/local/process-identity.ts';
import type { PrivateServerOptions, Server } from '../../infra/local/server-process.ts';

/** A database of one test file, on the run's MariaDB. */
export interface Database {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A server that belongs to one test file. */
export interface OwnServer {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  readonly pid: () => number;
  /** Sends SIGTERM and waits; the data stays for restart. */
  readonly stop: () => Promise<void>;
  /** Sends a signal; after SIGKILL the server has ended when this resolves. */
  readonly kill: (name: NodeJS.Signals) => Promise<void>;
  /**
   * Starts it again on the same port and data, after stop or SIGKILL; the settings `more` apply until the
   * next restart.
   */
  readonly restart: (more?: Readonly<Record<string, string>>) => Promise<void>;
  /** Kills it and removes its data: for the after hook. */
  readonly remove: () => Promise<void>;
}

export interface OwnServerOptions {
  /** Settings that override those of our files, e.g. { maxmemory: '20mb' }. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Small and fast to start; durability is as in production, because tests kill servers. */
export const MARIADB_TEST_SETTINGS = {
  'innodb-buffer-pool-size': '128M',
  'innodb-log-file-size': '64M',
} as const;

let databases = 0;

const sharedMariadbUrl = (): string => {
  const url = process.env['ONSALE_TEST_DATABASE_URL'];
  if (url === undefined)
    throw new Error("this test needs the run's MariaDB: npm test -- <part of the file name>");
  return url;
};

const query = async (url: string, sql: string): Promise<void> => {
  const connection = await createConnection(url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
};

/** Creates an empty database; concurrent test files never share one. */
export const createDatabase = async (): Promise<Database> => {
  const shared = sharedMariadbUrl();
  databases += 1;
  const name = `test_${process.pid}_${databases}`;
  await query(shared, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await grantUsers(shared, name);
  const url = new URL(shared);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => query(shared, `DROP DATABASE IF EXISTS ${name}`) };
};

const newDir = (name: string): string => {
  const parent = process.env['ONSALE_TEST_DIR'] ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `onsale-${name}-`));
};

/** A test file that crashes must not leave its servers running. */
const killersAtExit = new Set<() => void>();
process.on('exit', () => {
  for (const kill of killersAtExit) kill();
});

const own = async (
  name: string,
  start: (options: PrivateServerOptions) => Promise<Server>,
  settings: Readonly<Record<string, string>>,
): Promise<OwnServer> => {
  const dir = newDir(name);
  let server = await start({ dir, settings });
  const { url, port } = server;
  const killAtExit = (): boolean => signal(server.pid, 'SIGKILL');
  killersAtExit.add(killAtExit);
  return {
    url,
    port,
    dir,
    pid: () => server.pid,
    stop: () => server.stop(),
    kill: (signalName) => server.kill(signalName),
    restart: async (more = {}) => {
      server = await start({ dir, port, settings: { ...settings, ...more } });
    },
    remove: async () => {
      await server.kill('SIGKILL');
      killersAtExit.delete(killAtExit);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** A Redis for one test file, with our redis.conf, ready in about 20 ms. */
export const startOwnRedis = ({ settings = {} }: OwnServerOptions = {}): Promise<OwnServer> =>
  own('redis', startRedis, settings);

/** A MariaDB for one test file that kills it; ready in about a second. */
export const startOwnMariadb = ({ settings = {} }: OwnServerOptions = {}): Promise<OwnServer> =>
  own('mariadb', startMariadb, { ...MARIADB_TEST_SETTINGS, ...settings });
