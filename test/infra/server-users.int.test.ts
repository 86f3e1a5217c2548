import { Redis } from 'ioredis';
import { type Connection, createConnection } from 'mysql2/promise';
import { migrate } from '../../src/store/setup/migrate.ts';
import { newLogger } from '../../src/telemetry/logger.ts';
import { createDatabase, type Database, type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('what each role may do on the servers');

let redis: OwnServer;
let database: Database;
const redisAs = new Map<string, Redis>();
const databaseAs = new Map<string, Connection>();

const as = (url: string, user: string): string => {
  const server = new URL(url);
  server.username = `onsale-${user}`;
  server.password = `onsale-${user}`;
  return server.href;
};

test.before(async () => {
  [redis, database] = await Promise.all([startOwnRedis(), createDatabase()]);
  const logger = newLogger({ level: 'silent', roles: ['test'] });
  await migrate({ url: as(database.url, 'migrate'), logger });
  const admin = new Redis(redis.url);
  await admin.xgroup('CREATE', stream, 'projectors', '0', 'MKSTREAM');
  await admin.set(lease, 'a token');
  await admin.hset('onsale:settings', 'partitions', 16);
  admin.disconnect();
  for (const user of ['command', 'query', 'api', 'projector', 'operate', 'keda'])
    redisAs.set(user, new Redis(as(redis.url, user), { maxRetriesPerRequest: 0 }));
  for (const user of ['command', 'query', 'api', 'projector', 'operate', 'migrate'])
    databaseAs.set(user, await createConnection(as(database.url, user)));
});

test.after(async () => {
  for (const client of redisAs.values()) client.disconnect();
  for (const connection of databaseAs.values()) connection.destroy();
  await redis.remove();
  await database.drop();
});

const stream = 'onsale:{3}:requests';
const lease = 'onsale:{3}:lease';
const board = 'onsale:{3}:board:a';
const key = 'onsale:key:{a}';

type Command = readonly [string, ...(string | number)[]];

/** 'done', or the reason why not. */
const inRedis = async (user: string, [command, ...args]: Command): Promise<string> => {
  const client = redisAs.get(user);
  if (!client) throw new Error(`nobody connects as ${user}`);
  return await client.call(command, ...args).then(
    () => 'done',
    (error: unknown) => String(error),
  );
};

const forbidden = /NOPERM|can't run this command|can't access at least one of the keys/;

const claimAndAppend =
  "redis.call('SET', KEYS[2], 'x', 'NX', 'GET') return redis.call('XADD', KEYS[1], '*', 'v', '1')";

const mayInRedis: Readonly<Record<string, readonly Command[]>> = {
  command: [
    ['xadd', stream, '*', 'v', '1'],
    ['set', key, 'x', 'PX', 1_000, 'NX', 'GET'],
    ['eval', claimAndAppend, 2, stream, key],
    ['mget', board],
    ['xgroup', 'CREATE', stream, 'by-command', '0', 'MKSTREAM', 'ENTRIESREAD', 0],
  ],
  query: [
    ['xgroup', 'CREATE', stream, 'by-query', '0', 'MKSTREAM', 'ENTRIESREAD', 0],
    ['xinfo', 'stream', stream],
    ['xlen', stream],
    ['subscribe', 'onsale:{3}:outcomes'],
    ['subscribe', 'onsale:{3}:decided'],
  ],
  projector: [
    ['xreadgroup', 'GROUP', 'projectors', 'owner', 'NOACK', 'STREAMS', stream, '>'],
    ['eval', "return redis.call('SET', KEYS[1], ARGV[1])", 1, board, 'x'],
    ['publish', 'onsale:{3}:outcomes', 'x'],
    ['publish', 'onsale:{3}:decided', '1'],
  ],
  operate: [
    ['xrange', stream, '-', '+'],
    ['get', lease],
    ['xadd', stream, '*', 'v', '1'],
    // adopt: lists the connected clients, ends leases and writes the id.
    ['client', 'list'],
    ['del', 'onsale:{3}:claimed'],
    ['hset', 'onsale:settings', 'pair', 'x'],
  ],
  keda: [['xinfo', 'groups', stream]],
};

const setBy = (place: string): Command => ['eval', "return redis.call('SET', KEYS[1], 'x')", 1, place];

const mayNotInRedis: Readonly<Record<string, readonly Command[]>> = {
  command: [
    ['set', lease, 'x'],
    setBy(lease),
    setBy(stream),
    ['set', board, 'x'],
    ['get', lease],
    ['xtrim', stream, 'MAXLEN', 0],
    ['xgroup', 'SETID', stream, 'projectors', '$'],
    ['xgroup', 'DESTROY', stream, 'projectors'],
    ['del', stream],
    ['xrange', stream, '-', '+'],
    ['publish', 'onsale:{3}:outcomes', 'x'],
    ['hset', 'onsale:{members}:projectors', 'x', '1:1'],
  ],
  query: [
    ['xadd', stream, '*', 'v', '1'],
    ['xgroup', 'SETID', stream, 'projectors', '$'],
    ['xgroup', 'DESTROY', stream, 'projectors'],
    ['get', key],
    ['set', key, 'x'],
    ['hset', 'onsale:settings', 'partitions', 1],
    ['eval', "return redis.call('HSET', KEYS[1], 'partitions', 1)", 1, 'onsale:settings'],
    ['del', 'onsale:settings'],
    setBy(board),
  ],
  api: [setBy(lease), ['xtrim', stream, 'MAXLEN', 0], ['publish', 'onsale:leases', 'x']],
  projector: [
    ['xadd', stream, '*', 'v', '1'],
    ['eval', "return redis.call('XADD', KEYS[1], '*', 'v', '1')", 1, stream],
    ['get', key],
    ['set', key, 'x'],
  ],
  operate: [
    ['set', lease, 'x'],
    ['xtrim', stream, 'MAXLEN', 0],
    ['del', stream],
    ['get', key],
  ],
  keda: [['xrange', stream, '-', '+'], ['xadd', stream, '*', 'v', '1'], ['get', lease], ['info']],
};

const nobodyMay: readonly Command[] = [
  ['flushall'],
  ['config', 'set', 'appendonly', 'no'],
  ['acl', 'list'],
  ['keys', '*'],
  ['monitor'],
  ['shutdown'],
  ['get', 'something:else'],
];

test('who is connected is seen by operate alone', async () => {
  for (const user of Object.keys(mayNotInRedis).filter((each) => each !== 'operate'))
    assert.match(await inRedis(user, ['client', 'list']), 'NOPERM', user);
});

for (const user of Object.keys(mayNotInRedis)) {
  test(`in Redis ${user} may do its work and nothing else`, async () => {
    for (const command of mayInRedis[user] ?? [])
      assert.is(await inRedis(user, command), 'done', command.join(' '));
    for (const command of [...(mayNotInRedis[user] ?? []), ...nobodyMay])
      assert.match(await inRedis(user, command), forbidden, `${user}: ${command.join(' ')}`);
  });
}

test('the one who may not write down the number of partitions still may start', async () => {
  const script = ['eval', "return redis.call('HMGET', KEYS[1], 'partitions')", 1, 'onsale:settings'] as const;
  assert.is(await inRedis('query', script), 'done');
});

const inMysql = async (user: string, sql: string): Promise<string> => {
  const connection = databaseAs.get(user);
  if (!connection) throw new Error(`nobody connects as ${user}`);
  return await connection.query(sql).then(
    () => 'done',
    (error: unknown) => String(error),
  );
};

const read = (table: string): string => `SELECT COUNT(*) FROM ${table}`;
const remove = (table: string): string => `DELETE FROM ${table}`;
const change = (table: string, column: string): string => `UPDATE ${table} SET ${column} = 1`;

const mayInMysql: Readonly<Record<string, readonly string[]>> = {
  command: ['shows', 'pools', 'reservations', 'request_keys', 'settings'].map(read),
  query: ['shows', 'reservations', 'journal', 'parked'].map(read),
  projector: ['journal', 'holds', 'parked'].map(read),
  operate: ['journal', 'reservations', 'request_keys', 'migrations'].map(read),
  migrate: ['CREATE TABLE anything (n INT)', 'ALTER TABLE anything ADD m INT'],
};

const readTables = ['shows', 'pools', 'reservations', 'holds', 'request_keys', 'reservation_decisions'];

const mayNotInMysql: Readonly<Record<string, readonly string[]>> = {
  command: [
    read('journal'),
    read('holds'),
    change('reservations', 'status'),
    change('partitions', 'epoch'),
    ...readTables.map(remove),
  ],
  query: [
    read('request_keys'),
    change('pools', 'capacity'),
    change('settings', 'value'),
    ...[...readTables, 'journal', 'parked', 'partitions'].map(remove),
  ],
  api: [read('holds'), ...[...readTables, 'journal', 'partitions'].map(remove)],
  projector: [
    change('journal', 'data'),
    remove('journal'),
    remove('parked'),
    remove('partitions'),
    'DROP TABLE holds',
  ],
  operate: [
    change('journal', 'data'),
    remove('journal'),
    'DROP TABLE journal',
    remove('partitions'),
    change('migrations', 'done'),
  ],
  migrate: [
    read('reservations'),
    read('journal'),
    remove('journal'),
    change('pools', 'capacity'),
    'DROP TABLE journal',
  ],
};

for (const user of Object.keys(mayNotInMysql)) {
  test(`in MySQL ${user} may do its work and nothing else`, async () => {
    for (const sql of mayInMysql[user] ?? []) assert.is(await inMysql(user, sql), 'done', `${user}: ${sql}`);
    for (const sql of [...(mayNotInMysql[user] ?? []), 'CREATE USER somebody', 'SELECT * FROM mysql.user'])
      assert.match(await inMysql(user, sql), /denied/, `${user}: ${sql}`);
  });
}
