import { cautionDatabase, judgeDatabase } from '../../../src/cli/doctor/judge-database.ts';
import { cautionHost } from '../../../src/cli/doctor/judge-host.ts';
import { cautionRedis, judgeRedis } from '../../../src/cli/doctor/judge-redis.ts';
import { judgeReplica } from '../../../src/cli/doctor/judge-replica.ts';
import { judgeSetUp } from '../../../src/cli/doctor/judge-set-up.ts';
import { linesText } from '../../../src/cli/doctor/lines-text.ts';
import { cautions } from '../../../src/config/risks.ts';
import type { ServerSnapshot } from '../../../src/log/inspect/inspect-server.ts';
import type { DatabaseFacts } from '../../../src/store/setup/inspect-database.ts';
import { assert, suite } from '../../support/suite.ts';
import { amiss, asked, database, hidden, master, mysql, redis, setUp } from '../doctor-servers.ts';

const test = suite('what doctor warns of');

const host = { somaxconn: '4096', openFiles: '20000' };

const replica = {
  server: { name: 'b:1 (server_id 2)', id: 'b', isReadOnly: true },
  isPrimary: false,
  isOneCluster: false,
  lagMs: 3,
};

test('what a sale goes badly without is looked at as well, and a start does not ask for it', () => {
  const lines = [
    ...cautionRedis([master()]),
    ...cautionDatabase({ server: mysql, ...asked }),
    ...judgeReplica(replica, 1_000),
    ...cautionHost(host),
  ];
  assert.equal(amiss(lines), []);
  assert.equal(
    lines.map(({ name }) => name),
    [...cautions],
  );
});

const settings = { ...redis.config };
const redisCautions: readonly (readonly [Readonly<Record<string, string>>, string, string])[] = [
  [{ 'aof-load-truncated': 'no' }, 'aof-load-truncated', 'no'],
  [{ 'auto-aof-rewrite-percentage': '0' }, 'auto-aof-rewrite-percentage', '0'],
  [
    { 'client-output-buffer-limit': 'normal 0 0 0 slave 268435456 67108864 60 pubsub 1048576 1048576 60' },
    'client-output-buffer-limit',
    'normal 0 0, replica 256mb 64mb, pubsub 1mb 1mb',
  ],
  [
    { 'cluster-enabled': 'yes', 'cluster-require-full-coverage': 'yes' },
    'cluster-require-full-coverage',
    'yes',
  ],
  [{ 'disable-thp': 'no' }, 'disable-thp', 'no'],
  [{ hz: '10' }, 'hz', '10'],
  [{ maxclients: '100' }, 'maxclients', '100'],
  [{ 'tcp-backlog': '128' }, 'tcp-backlog', '128'],
  [{ 'tcp-keepalive': '0' }, 'tcp-keepalive', '0'],
  [{ timeout: '30' }, 'timeout', '30'],
];

for (const [changes, name, found] of redisCautions)
  test(`Redis: ${name} is unmet when it is ${found}, which keeps nobody from starting`, () => {
    const changed = master({ config: { ...settings, ...changes } });
    assert.equal(amiss(cautionRedis([changed])), [[name, 'unmet', found]]);
    assert.equal(amiss(judgeRedis([changed], 'disk')), []);
  });

const memories: readonly (readonly [Partial<ServerSnapshot>, string])[] = [
  [{ maxBytes: 0 }, 'no limit, and 4096 MB in its machine'],
  [{ maxBytes: 4_294_967_296 }, '4096 MB, and 4096 MB in its machine'],
];

for (const [changes, found] of memories)
  test(`Redis: maxmemory is unmet when it is ${found}, which keeps nobody from starting`, () => {
    assert.equal(amiss(cautionRedis([master(changes)])), [['maxmemory', 'unmet', found]]);
    assert.equal(amiss(judgeRedis([master(changes)], 'disk')), []);
  });

const databaseCautions: readonly (readonly [Partial<DatabaseFacts>, string, string])[] = [
  [{ bufferPoolBytes: 134_217_728 }, 'innodb_buffer_pool_size', '128 MB, and 1908 MB of tables'],
  [{ doublewrite: '0' }, 'innodb_doublewrite', 'off'],
  [{ session: { ...mysql.session, lockWaitSeconds: 50 } }, 'innodb_lock_wait_timeout', '50'],
  [{ preparedStatementsMax: 1_000 }, 'max_prepared_stmt_count', '1000'],
  [{ session: { ...mysql.session, statementMs: 0 } }, 'max_statement_time', '0 ms'],
  [{ session: { ...mysql.session, timeZone: 'SYSTEM' } }, 'time_zone', 'SYSTEM'],
  [{ session: { ...mysql.session, silenceSeconds: 28_800 } }, 'wait_timeout', '28800'],
];

for (const [changes, name, found] of databaseCautions)
  test(`MySQL: ${name} is unmet when it is ${found}, which keeps nobody from starting`, () => {
    const server = { ...mysql, ...changes };
    assert.equal(amiss(cautionDatabase({ server, ...asked })), [[name, 'unmet', found]]);
    assert.equal(amiss(judgeDatabase({ server, ...asked })), []);
  });

test('a pool that is small is large enough for tables that are smaller', () => {
  const server = { ...mysql, bufferPoolBytes: 134_217_728, tableBytes: 1_000_000 };
  assert.equal(amiss(cautionDatabase({ server, ...asked })), []);
});

test('the host that doctor runs on is looked at; one that does not say is not known', () => {
  assert.equal(amiss(cautionHost({ somaxconn: '128', openFiles: '1024' })), [
    ['open-files', 'unmet', '1024'],
    ['somaxconn', 'unmet', '128'],
  ]);
  assert.equal(amiss(cautionHost({ openFiles: 'unlimited' })), [['somaxconn', 'unknown', 'not shown']]);
});

test('people read the sum first, then what is unmet, each with its cure, in 100 columns', () => {
  const many = Array.from({ length: 12 }, (_, at) =>
    master({ appendFsync: at % 2 ? 'always' : 'no' }, `10.20.30.${at}:6379`),
  );
  const lines = [
    ...judgeRedis(many, 'replicated'),
    ...database({ syncBinlog: 0 }),
    ...cautionRedis([hidden]),
    ...cautionDatabase(undefined),
    ...judgeSetUp(setUp),
  ].map((line) => ({ ...line, accepted: line.name === 'sync_binlog' }));
  const away = [`cannot use the database mysql://${'x'.repeat(300)}: ECONNREFUSED`];
  const text = linesText({ amiss: ['appendfsync', 'min-replicas-to-write'], lines, away });
  for (const line of text.split('\n')) assert.ok(line.length <= 100, `${line.length}: ${line}`);
  assert.ok(text.startsWith('! not fit for a sale: appendfsync, min-replicas-to-write\n'), text);
  assert.match(text, /\d+ lines: 3 unmet, \d+ unknown, \d+ ok\n/);
  const verdicts = [...text.matchAll(/^(unmet|unknown|ok) /gm)].map(([, verdict]) => verdict);
  const order = ['unmet', 'unknown', 'ok'];
  assert.equal(
    verdicts,
    verdicts.toSorted((a = '', b = '') => order.indexOf(a) - order.indexOf(b)),
  );
  assert.is(text.match(/cure: /g)?.length, verdicts.filter((verdict) => verdict !== 'ok').length);
  assert.match(text, /sync_binlog: 0, wanted 1, or no binlog \(accepted\)/);
  assert.match(linesText({ amiss: [], lines: [], away: [] }), /^these servers are fit for a sale\n/);
});
