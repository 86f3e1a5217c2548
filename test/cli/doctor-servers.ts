import { judgeDatabase } from '../../src/cli/doctor/judge-database.ts';
import type { Line } from '../../src/cli/doctor/line.ts';
import type { MasterSnapshot, ServerSnapshot } from '../../src/log/inspect/inspect-server.ts';
import type { DatabaseFacts } from '../../src/store/setup/inspect-database.ts';

export const nowMs = 1_700_000_000_000;
export const asked = { askedAtMs: nowMs - 5, answeredAtMs: nowMs + 5 };

export const redis: ServerSnapshot = {
  version: '7.0.15',
  nowMs,
  usedBytes: 1,
  maxBytes: 3_221_225_472,
  machineBytes: 4_294_967_296,
  evictionPolicy: 'noeviction',
  appendOnly: true,
  appendFsync: 'always',
  minReplicasToWrite: 0,
  config: {
    'aof-load-truncated': 'yes',
    'auto-aof-rewrite-percentage': '100',
    'client-output-buffer-limit': 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
    'cluster-enabled': 'no',
    'disable-thp': 'yes',
    hz: '50',
    maxclients: '10000',
    'no-appendfsync-on-rewrite': 'no',
    'tcp-backlog': '1024',
    'tcp-keepalive': '60',
    timeout: '0',
  },
};

export const master = (changes: Partial<ServerSnapshot> = {}, address?: string): MasterSnapshot => ({
  type: 'seen',
  server: { ...redis, ...changes },
  ...asked,
  ...(address !== undefined && { address }),
});

export const mysql: DatabaseFacts = {
  version: '8.4.3',
  flushAtCommit: 1,
  logBin: true,
  syncBinlog: 1,
  sqlMode: { server: 'STRICT_TRANS_TABLES', session: 'STRICT_ALL_TABLES' },
  charset: 'utf8mb4',
  connectionsMax: 151,
  binlogFormat: 'ROW',
  session: {
    isolation: 'READ-COMMITTED',
    timeZone: '+00:00',
    silenceSeconds: 60,
    lockWaitSeconds: 1,
    statementMs: 4_500,
    packetBytesMax: 67_108_864,
  },
  preparedStatementsMax: 16_382,
  doublewrite: 'ON',
  bufferPoolBytes: 536_870_912,
  tableBytes: 2_000_000_000,
  engines: 'InnoDB',
  nowMs,
  server: { name: 'db:3306 (server_id 1)', id: 'db', isReadOnly: false },
};

export const database = (changes: Partial<DatabaseFacts> = {}): readonly Line[] =>
  judgeDatabase({ server: { ...mysql, ...changes }, ...asked });

/** Name, verdict and finding of every line that is not `ok`. */
export const amiss = (lines: readonly Line[]) =>
  lines.filter(({ verdict }) => verdict !== 'ok').map(({ name, verdict, found }) => [name, verdict, found]);

const { appendFsync: _, minReplicasToWrite: __, config: ___, ...hiding } = redis;
export const hidden: MasterSnapshot = { type: 'seen', server: hiding, ...asked };

export const setUp = {
  wantedPartitions: 16,
  redisPartitions: 16,
  mysqlPartitions: 16,
  schema: 'up to date',
  pair: { redis: 'a'.repeat(32), mysql: 'a'.repeat(32) },
};
