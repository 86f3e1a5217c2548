import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { commandLine } from '../../infra/local/process-identity.ts';
import { createDatabase, startOwnMariadb, startOwnRedis } from './servers.ts';
import { assert, suite } from './suite.ts';

const test = suite('servers of the tests', { timeoutMs: 60_000 });

const ask = async (url: string, sql: string): Promise<readonly RowDataPacket[]> => {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
};

test('a Redis of one’s own keeps what it answered through kill -9 and restart', async () => {
  const server = await startOwnRedis();
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  await redis.set('place', '17');
  const before = server.pid();
  await server.kill('SIGKILL');
  assert.is(commandLine(before), '');
  await server.restart();
  assert.is(await redis.get('place'), '17');
  const settings = await redis.config('GET', 'append*', 'maxmemory-policy', 'save');
  redis.disconnect();
  await server.remove();
  const text = JSON.stringify(settings);
  for (const setting of ['"appendonly","yes"', '"appendfsync","always"', '"noeviction"', '"save",""'])
    assert.match(text, setting);
  assert.not.ok(existsSync(server.dir));
});

test('a setting given goes before the one of our file', async () => {
  const server = await startOwnRedis({ settings: { maxmemory: '20mb' } });
  const redis = new Redis(server.url);
  const maxmemory: unknown = await redis.config('GET', 'maxmemory');
  redis.disconnect();
  await server.remove();
  assert.equal(maxmemory, ['maxmemory', '20971520']);
});

test('databases are apart, tell letters and trailing blanks apart, and commit to disk', async () => {
  const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
  await ask(one.url, 'CREATE TABLE t (name VARCHAR(20) PRIMARY KEY)');
  await ask(one.url, "INSERT INTO t VALUES ('Alice'), ('alice'), ('서울')");
  assert.equal(await ask(two.url, 'SHOW TABLES'), []);
  const rows = await ask(
    one.url,
    `SHOW VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit', 'tx_isolation',
      'transaction_isolation', 'collation_database', 'time_zone', 'bind_address')`,
  );
  assert.equal(rows.map((row) => row['Value']).toSorted(), [
    '+00:00',
    '1',
    '127.0.0.1',
    'READ-COMMITTED',
    'utf8mb4_bin',
  ]);
  await Promise.all([one.drop(), two.drop()]);
});

test('temporary tables are not where another server that starts would remove them', async () => {
  const servers = await Promise.all([startOwnMariadb(), startOwnMariadb()]);
  const places = await Promise.all(servers.map(({ url }) => ask(url, 'SELECT @@tmpdir AS place')));
  await Promise.all(servers.map((server) => server.remove()));
  assert.equal(
    places.map(([row]) => row?.['place']),
    servers.map(({ dir }) => dir),
  );
});

test('a MariaDB of one’s own keeps what it committed through kill -9 and restart', async () => {
  const server = await startOwnMariadb();
  await ask(server.url, 'CREATE TABLE t (n INT)');
  await ask(server.url, 'INSERT INTO t VALUES (17)');
  await server.kill('SIGKILL');
  await server.restart();
  assert.equal(
    (await ask(server.url, 'SELECT n FROM t')).map(({ n }) => n),
    [17],
  );
  await server.stop();
  await server.remove();
});
