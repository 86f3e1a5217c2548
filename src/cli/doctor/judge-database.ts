import type { DatabaseFacts } from '../../store/setup/inspect-database.ts';
import type { SessionsInspection } from '../../store/setup/inspect-sessions.ts';
import { databaseCautions, global, unset } from './database-cautions.ts';
import { type ClockSample, clockWant } from './judge-clock.ts';
import { type Line, lineOf, type Want } from './line.ts';
import { versionAtLeast } from './version-at-least.ts';

const leastMariadb = [10, 6];
const leastMysql = [8, 0, 16];

const isRecent = (version: string): boolean | undefined =>
  versionAtLeast(version, /mariadb/i.test(version) ? leastMariadb : leastMysql);

/** Two processes of each kind, and twice as many during a rolling upgrade: 10 sessions for each API and tool, 8 for a projector. */
const connectionsMin = 2 * (2 * 10 + 2 * 8);

const mb = 1_048_576;

/** Statements are cut to 2 Mi characters, and a character may take six bytes (write-rows.ts). */
const packetBytesMin = 16 * mb;

const isStrict = (mode: string): boolean => /STRICT_(TRANS|ALL)_TABLES/.test(mode);

const modeText = ({ server, session }: DatabaseFacts['sqlMode']): string => {
  const texts = [server, session].map((mode) => (isStrict(mode) ? 'strict' : 'not strict'));
  return texts[0] === texts[1] ? `${texts[0]}` : `${texts[0]} (in our sessions: ${texts[1]})`;
};

const wants: readonly Want<DatabaseFacts>[] = [
  {
    name: 'mysql-version',
    wanted: 'MySQL 8.0.16 or MariaDB 10.6, or later',
    why: 'older ones lack JSON_TABLE, or do not check constraints',
    cure: 'upgrade it: docs/reference/supported-versions.md',
    found: ({ version }) => (isRecent(version) === undefined ? undefined : version),
    holds: ({ version }) => isRecent(version) === true,
  },
  {
    name: 'innodb_flush_log_at_trx_commit',
    wanted: '1',
    why: 'the commit is the acknowledgement: it must be on disk before the entry leaves the stream',
    cure: global('innodb_flush_log_at_trx_commit', '1'),
    found: ({ flushAtCommit }) => String(flushAtCommit),
    holds: ({ flushAtCommit }) => flushAtCommit === 1,
  },
  {
    name: 'sync_binlog',
    wanted: '1, or no binlog',
    why: 'otherwise a power cut leaves replicas and backups without the last decisions, or with others',
    cure: global('sync_binlog', '1'),
    found: ({ logBin, syncBinlog }) => (logBin ? String(syncBinlog) : 'no binlog'),
    holds: ({ logBin, syncBinlog }) => !logBin || syncBinlog === 1,
  },
  {
    name: 'binlog_format',
    wanted: 'ROW or MIXED, or no binlog',
    why: 'with STATEMENT the server refuses every commit at the isolation that decisions are made at',
    cure: global('binlog_format', "'ROW'"),
    found: ({ logBin, binlogFormat }) => (logBin ? binlogFormat : 'no binlog'),
    holds: ({ logBin, binlogFormat }) => !logBin || binlogFormat !== 'STATEMENT',
  },
  {
    name: 'transaction_isolation',
    wanted: 'READ-COMMITTED in our sessions, which set it',
    why: 'at another one a decision may be made on rows of the past, and locks of gaps hold up others',
    cure: unset,
    found: ({ session }) => session.isolation,
    holds: ({ session }) => session.isolation === 'READ-COMMITTED',
  },
  {
    name: 'storage_engine',
    wanted: 'InnoDB',
    why: 'no other engine commits a batch as a whole or not at all',
    cure: `${global('default_storage_engine', 'InnoDB')}; of tables that are there: ALTER TABLE … ENGINE = InnoDB`,
    found: ({ engines }) => engines,
    holds: ({ engines }) => engines === 'InnoDB',
  },
  {
    name: 'sql_mode',
    wanted: 'strict',
    why: 'otherwise values that are too long are cut silently, where a proxy or a person writes without our settings',
    cure: global('sql_mode', "'STRICT_TRANS_TABLES'"),
    found: ({ sqlMode }) => modeText(sqlMode),
    holds: ({ sqlMode }) => isStrict(sqlMode.server) && isStrict(sqlMode.session),
  },
  {
    name: 'charset',
    wanted: 'utf8mb4',
    why: 'other character sets cannot hold every name',
    cure: 'ALTER DATABASE … CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, before the first onsale migrate',
    found: ({ charset }) => charset,
    holds: ({ charset }) => charset === 'utf8mb4',
  },
  {
    name: 'max_allowed_packet',
    wanted: '16 MB or more',
    why: 'a batch that does not fit counts as refused, and its entries are parked',
    cure: global('max_allowed_packet', '67108864'),
    found: ({ session }) => `${Math.floor(session.packetBytesMax / mb)} MB`,
    holds: ({ session }) => session.packetBytesMax >= packetBytesMin,
  },
  {
    name: 'max_connections',
    wanted: `${connectionsMin} or more`,
    why: 'a process that gets no connection does not start, in the middle of an upgrade as well',
    cure: global('max_connections', '200'),
    found: ({ connectionsMax }) => String(connectionsMax),
    holds: ({ connectionsMax }) => connectionsMax >= connectionsMin,
  },
];

const takesWrites: Want<DatabaseFacts> = {
  name: 'read_only',
  wanted: 'OFF',
  why: 'nothing can be decided here',
  cure: 'SET GLOBAL read_only = 0, or let DATABASE_URL lead to the server that takes writes',
  found: ({ server: { name, isReadOnly } }) => `${isReadOnly ? 'ON' : 'OFF'} on ${name}`,
  holds: ({ server }) => !server.isReadOnly,
};

/**
 * Which server it is and whether it takes writes. A read-only server is no reason to refuse a start: it is read in the
 * meantime, and decisions follow when it takes writes again.
 */
export const judgeSide = (look: DatabaseFacts | undefined): Line => lineOf(takesWrites, look);

const clock = clockWant('mysql-clock', 'backups and binlogs are matched with the journal by time');

export interface DatabaseSample extends Omit<ClockSample, 'theirsMs'> {
  readonly server: DatabaseFacts;
}

/** The database's requirements, one line each. `undefined`: the database could not be asked. */
export const judgeDatabase = (seen: DatabaseSample | undefined): readonly Line[] => [
  ...wants.map((want) => lineOf(want, seen?.server)),
  lineOf(clock, seen && { ...seen, theirsMs: seen.server.nowMs }),
];

/** What a sale needs to run well. */
export const cautionDatabase = (seen: DatabaseSample | undefined): readonly Line[] =>
  databaseCautions.map((want) => lineOf(want, seen?.server));

const sessionsWant: Want<SessionsInspection> = {
  name: 'one-server',
  wanted: 'one server for all sessions, or nodes of one Galera cluster',
  why: 'writes on one server are visible too late on another, and a claim on one does not protect the other',
  cure: 'let DATABASE_URL lead to the server that takes writes: docs/operating/read-replica.md',
  found: ({ servers, split, isOneCluster }) => {
    if (split) return `one session comes to ${split.join(' and ')}`;
    const [first] = servers;
    if (servers.length === 1) return first;
    const names = servers.join(', ');
    return isOneCluster ? `nodes of one cluster, each process works with one: ${names}` : names;
  },
  holds: ({ servers, split, isOneCluster }) => split === undefined && (servers.length === 1 || isOneCluster),
};

/** Whether a proxy or balancer in between sends sessions, or the statements of one session, to several servers. */
export const judgeSessions = (look: SessionsInspection | undefined): Line => lineOf(sessionsWant, look);
