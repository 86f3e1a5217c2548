import { judgeReplicaClocks } from '../../../src/cli/doctor/judge-clock.ts';
import { judgeDatabase, judgeSide } from '../../../src/cli/doctor/judge-database.ts';
import { judgeRedis, judgeRole } from '../../../src/cli/doctor/judge-redis.ts';
import { judgeSetUp } from '../../../src/cli/doctor/judge-set-up.ts';
import { acceptedText, judgeStart } from '../../../src/cli/doctor/judge-start.ts';
import { risks } from '../../../src/config/risks.ts';
import type { MasterSnapshot, ServerSnapshot } from '../../../src/log/inspect/inspect-server.ts';
import type { DatabaseFacts } from '../../../src/store/setup/inspect-database.ts';
import { assert, suite } from '../../support/suite.ts';
import { amiss, database, hidden, master, mysql, nowMs, redis, setUp } from '../doctor-servers.ts';

const test = suite('what doctor judges');

test("a replica of Redis is seen for one, and is nobody's risk to take", () => {
  assert.equal(amiss([judgeRole([master({ role: 'primary' })]), judgeRole([master()])]), []);
  assert.equal(amiss([judgeRole([master({ role: 'primary' }, 'a:1'), master({ role: 'replica' }, 'b:2')])]), [
    ['redis-role', 'unmet', 'primary (a:1); replica (b:2)'],
  ]);
  assert.not(risks.some((risk) => String(risk) === 'redis-role'));
});

test("a MySQL that takes no writes is seen for one, and is nobody's risk to take", () => {
  assert.equal(amiss([judgeSide(mysql)]), []);
  assert.equal(amiss([judgeSide({ ...mysql, server: { ...mysql.server, isReadOnly: true } })]), [
    ['read_only', 'unmet', 'ON on db:3306 (server_id 1)'],
  ]);
  assert.not(risks.some((risk) => String(risk) === 'read_only'));
});

test('the clock of a replica is judged by that of its master, where it can be asked', () => {
  assert.is(judgeReplicaClocks([]).verdict, 'ok');
  const replica = (aheadMs: number | undefined, address: 'a:1' | 'b:2' = 'a:1') => ({ address, aheadMs });
  assert.is(judgeReplicaClocks([replica(undefined)]).verdict, 'ok');
  assert.equal(amiss([judgeReplicaClocks([replica(1_000), replica(-1_000, 'b:2')])]), []);
  assert.equal(amiss([judgeReplicaClocks([replica(0), replica(-1_001, 'b:2')])]), [
    ['replica-clock', 'unmet', 'the same (a:1); 1001 ms behind (b:2)'],
  ]);
  assert.equal(amiss([judgeReplicaClocks([replica(3_600_000)])]), [
    ['replica-clock', 'unmet', '3600000 ms ahead'],
  ]);
});

test('servers set up as ours are have nothing amiss, and every risk that may be accepted is looked at', () => {
  const lines = [...judgeRedis([master()], 'disk'), ...database()];
  assert.equal(amiss(lines), []);
  assert.equal(
    lines.map(({ name }) => name),
    [...risks],
  );
});

const redisFaults: readonly (readonly [Partial<ServerSnapshot>, string, string])[] = [
  [{ version: '6.2.14' }, 'redis-version', '6.2.14'],
  [{ appendOnly: false }, 'appendonly', 'no'],
  [{ appendFsync: 'everysec' }, 'appendfsync', 'everysec'],
  [
    { config: { ...redis.config, 'no-appendfsync-on-rewrite': 'yes' } },
    'appendfsync',
    'always, but not while the file is rewritten',
  ],
  [{ evictionPolicy: 'allkeys-lru' }, 'maxmemory-policy', 'allkeys-lru'],
  [{ nowMs: nowMs + 2_000 }, 'redis-clock', '1995 ms ahead'],
  [{ nowMs: nowMs - 2_000 }, 'redis-clock', '1995 ms behind'],
];

for (const [changes, name, found] of redisFaults)
  test(`Redis: ${name} is unmet when it is ${found}`, () => {
    assert.equal(amiss(judgeRedis([master(changes)], 'disk')), [[name, 'unmet', found]]);
  });

const databaseFaults: readonly (readonly [Partial<DatabaseFacts>, string, string])[] = [
  [{ version: '8.0.15' }, 'mysql-version', '8.0.15'],
  [{ version: '10.5.26-MariaDB' }, 'mysql-version', '10.5.26-MariaDB'],
  [{ flushAtCommit: 2 }, 'innodb_flush_log_at_trx_commit', '2'],
  [{ syncBinlog: 0 }, 'sync_binlog', '0'],
  [{ binlogFormat: 'STATEMENT' }, 'binlog_format', 'STATEMENT'],
  [{ engines: 'Aria,InnoDB' }, 'storage_engine', 'Aria,InnoDB'],
  [
    { session: { ...mysql.session, isolation: 'REPEATABLE-READ' } },
    'transaction_isolation',
    'REPEATABLE-READ',
  ],
  [{ session: { ...mysql.session, packetBytesMax: 4_194_304 } }, 'max_allowed_packet', '4 MB'],
  [
    { sqlMode: { server: '', session: 'STRICT_ALL_TABLES' } },
    'sql_mode',
    'not strict (in our sessions: strict)',
  ],
  [
    { sqlMode: { server: 'STRICT_TRANS_TABLES', session: '' } },
    'sql_mode',
    'strict (in our sessions: not strict)',
  ],
  [{ charset: 'latin1' }, 'charset', 'latin1'],
  [{ connectionsMax: 60 }, 'max_connections', '60'],
  [{ nowMs: nowMs - 90_000 }, 'mysql-clock', '89995 ms behind'],
];

for (const [changes, name, found] of databaseFaults)
  test(`MySQL: ${name} is unmet when it is ${found}`, () => {
    assert.equal(amiss(database(changes)), [[name, 'unmet', found]]);
  });

test('versions are compared as numbers, and of MySQL and MariaDB each by its own', () => {
  for (const version of ['8.0.16', '8.4.3', '9.1.0', '10.6.0-MariaDB', '11.4.2-MariaDB-ubu2404'])
    assert.equal(amiss(database({ version })), [], version);
  assert.equal(amiss(judgeRedis([master({ version: '10.0.0' })], 'disk')), []);
  assert.equal(amiss(database({ version: 'newest' })), [['mysql-version', 'unknown', 'not shown']]);
});

test('without a binlog it does not matter how it would be written', () => {
  assert.equal(amiss(database({ logBin: false, syncBinlog: 0 })), []);
});

test('replicas that must acknowledge are wanted where a 202 promises them, and only there', () => {
  assert.equal(amiss(judgeRedis([master()], 'replicated')), [['min-replicas-to-write', 'unmet', '0']]);
  assert.equal(amiss(judgeRedis([master({ minReplicasToWrite: 1 })], 'replicated')), []);
});

test('what a server does not show is unknown, and what does not matter need not be shown', () => {
  assert.equal(amiss(judgeRedis([hidden], 'disk')), [['appendfsync', 'unknown', 'not shown']]);
  assert.equal(amiss(judgeRedis([hidden], 'replicated')), [
    ['appendfsync', 'unknown', 'not shown'],
    ['min-replicas-to-write', 'unknown', 'not shown'],
  ]);
});

test('servers that could not be asked leave every line unknown', () => {
  const lines = [...judgeRedis([], 'disk'), ...judgeDatabase(undefined)];
  assert.equal(
    lines.map(({ verdict }) => verdict),
    risks.map(() => 'unknown'),
  );
});

test('of a cluster the worst master counts, and is named', () => {
  const masters = [
    master({}, 'a:1'),
    master({ appendFsync: 'everysec' }, 'b:1'),
    { type: 'away', why: 'gone', address: 'c:1' } as const,
  ];
  const fsync = judgeRedis(masters, 'disk').find(({ name }) => name === 'appendfsync');
  assert.is(fsync?.verdict, 'unmet');
  assert.is(fsync?.found, 'always (a:1); everysec (b:1); not shown (c:1)');
  const appendOnly = judgeRedis(masters, 'disk').find(({ name }) => name === 'appendonly');
  assert.is(appendOnly?.verdict, 'unknown');
});

test('a slow answer is no difference of clocks', () => {
  const late: MasterSnapshot = {
    ...master({ nowMs: nowMs + 4_000 }),
    type: 'seen',
    server: { ...redis, nowMs: nowMs + 4_000 },
    askedAtMs: nowMs,
    answeredAtMs: nowMs + 5_000,
  };
  assert.equal(amiss(judgeRedis([late], 'disk')), []);
});

test('servers must belong together, and the schema be up to date', () => {
  assert.equal(amiss(judgeSetUp(setUp)), []);
  assert.equal(amiss(judgeSetUp({ ...setUp, redisPartitions: 'none', mysqlPartitions: 'none' })), []);
  assert.equal(amiss(judgeSetUp({ ...setUp, wantedPartitions: 32 })), []);
  for (const changes of [
    { redisPartitions: 8 },
    { redisPartitions: 'none' as const },
    { wantedPartitions: 8 },
  ])
    assert.equal(
      amiss(judgeSetUp({ ...setUp, ...changes })).map(([name, verdict]) => [name, verdict]),
      [['partitions', 'unmet']],
    );
  const pair = { redis: 'b'.repeat(32), mysql: 'a'.repeat(32), fault: 'two pairs' };
  assert.equal(amiss(judgeSetUp({ ...setUp, pair })), [['pair', 'unmet', 'Redis bbbbbbbb, MySQL aaaaaaaa']]);
  assert.equal(amiss(judgeSetUp({ ...setUp, schema: 'behind' })), [['schema', 'unmet', 'behind']]);
  assert.equal(
    amiss(judgeSetUp({ wantedPartitions: 16 })).map(([, verdict]) => verdict),
    ['unknown', 'unknown', 'unknown'],
  );
});

const lacking = [...judgeRedis([hidden], 'disk'), ...database({ syncBinlog: 0 })];

test('unmet and unknown both keep a process from starting, in one text that says how to accept them', () => {
  const verdict = judgeStart(lacking, []);
  const text = verdict.type === 'refused' ? verdict.text : '';
  assert.match(text, 'appendfsync is not shown, wanted always: otherwise a power cut');
  assert.match(text, 'sync_binlog is 0, wanted 1, or no binlog');
  assert.match(text, /ONSALE_ACCEPT_RISK=appendfsync,sync_binlog$/);
});

test('a risk is accepted by its name alone; what was accepted already is named again with the rest', () => {
  const verdict = judgeStart(lacking, ['sync_binlog', 'charset']);
  const text = verdict.type === 'refused' ? verdict.text : '';
  assert.not.match(text, /sync_binlog is/);
  assert.match(text, /ONSALE_ACCEPT_RISK=appendfsync,sync_binlog$/);
});

test('with all of it accepted a process starts, and can say at what risk', () => {
  const verdict = judgeStart(lacking, ['sync_binlog', 'appendfsync', 'charset']);
  assert.is(
    verdict.type === 'may-start' && acceptedText(verdict.accepted),
    'appendfsync is not shown, wanted always; sync_binlog is 0, wanted 1, or no binlog',
  );
});
