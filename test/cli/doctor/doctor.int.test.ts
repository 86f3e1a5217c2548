import { createConnection } from 'mysql2/promise';
import { examineAll, examineServers } from '../../../src/cli/doctor/examine.ts';
import type { Line } from '../../../src/cli/doctor/line.ts';
import { type Config, parseConfig } from '../../../src/config.ts';
import { startRedisPair, withRedis } from '../../chaos/redis-pair.ts';
import {
  createDatabase,
  type Database,
  type OwnServer,
  startOwnMariadb,
  startOwnRedis,
} from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('doctor on real servers', { timeoutMs: 60_000 });

let redis: OwnServer;
let sound: Database;

test.before(async () => {
  [redis, sound] = await Promise.all([startOwnRedis(), createDatabase()]);
});

test.after(async () => {
  await redis?.remove();
  await sound?.drop();
});

const configOf = (redisUrl: string, databaseUrl: string): Config => {
  const verdict = parseConfig({ REDIS_URL: redisUrl, DATABASE_URL: databaseUrl }, []);
  if (verdict.type === 'invalid') throw new Error(verdict.problems.join());
  return verdict.config;
};

const amiss = (lines: readonly Line[]) =>
  lines
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ name, verdict, found }) => `${name} ${verdict}: ${found}`);

test('servers with our settings lack nothing but a schema, until they are migrated', async () => {
  const config = configOf(redis.url, sound.url);
  assert.equal(amiss((await examineServers(config)).lines), []);
  const { lines, away } = await examineAll(config);
  assert.equal(away, []);
  assert.match(amiss(lines).join(), /^schema unmet: database schema is behind/);
});

test('Redis with other settings is seen through, one that hides them is unknown', async () => {
  await withRedis(redis, async (open) => {
    await open.config('SET', 'appendfsync', 'everysec');
    await open.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await open.acl('SETUSER', 'shy', 'on', '>shy', '~*', '&*', '+@all', '-config');
  });
  const found = await examineServers(configOf(redis.url, sound.url));
  assert.equal(amiss(found.lines), ['appendfsync unmet: everysec', 'maxmemory-policy unmet: allkeys-lru']);
  const shy = await examineServers(configOf(redis.url.replace('://', '://shy:shy@'), sound.url));
  assert.equal(amiss(shy.lines)[0], 'appendfsync unknown: not shown');
});

test('the clocks of replicas are compared with that of their master; one that nobody reaches is left out', async () => {
  const pair = await startRedisPair();
  try {
    const line = async (): Promise<Line | undefined> => {
      const { lines } = await examineAll(configOf(pair.master().url, sound.url));
      return lines.find(({ name }) => name === 'replica-clock');
    };
    const { found = '', verdict } = (await line()) ?? {};
    assert.match(found, /^(the same|\d ms)/);
    assert.is(verdict, 'ok');
  } finally {
    await pair.remove();
  }
  const { lines } = await examineAll(configOf(redis.url, sound.url));
  assert.is(lines.find(({ name }) => name === 'replica-clock')?.found, 'no replica');
});

test('MariaDB with other settings is seen through', async () => {
  const server = await startOwnMariadb({
    settings: {
      'innodb-flush-log-at-trx-commit': '2',
      'max-connections': '40',
      'sql-mode': 'NO_ENGINE_SUBSTITUTION',
    },
  });
  try {
    const connection = await createConnection(server.url);
    await connection.query('CREATE DATABASE other CHARACTER SET latin1');
    await connection.end();
    const url = new URL(server.url);
    url.pathname = '/other';
    const { lines } = await examineServers(configOf(redis.url, url.href));
    assert.equal(
      amiss(lines).filter((line) => !/^(appendfsync|maxmemory)/.test(line)),
      [
        'innodb_flush_log_at_trx_commit unmet: 2',
        'sql_mode unmet: not strict (in our sessions: strict)',
        'charset unmet: latin1',
        'max_connections unmet: 40',
      ],
    );
  } finally {
    await server.remove();
  }
});

test('a server that is away is said, and what the other is can still be read', async () => {
  const { lines, away } = await examineAll(configOf(redis.url, 'mysql://onsale@127.0.0.1:1/onsale'));
  assert.match(away.join(), /^cannot use the database mysql:.*ECONNREFUSED/);
  assert.is(lines.find(({ name }) => name === 'appendonly')?.verdict, 'ok');
  assert.is(lines.find(({ name }) => name === 'sync_binlog')?.verdict, 'unknown');
  assert.is(lines.find(({ name }) => name === 'schema')?.verdict, 'unknown');
});
