import type { DatabaseLook } from '../../store/look-at-database.ts';
import { type ClockLook, clockWant } from './judge-clock.ts';
import { type Line, lineOf, type Want } from './line.ts';
import { versionAtLeast } from './version-at-least.ts';

const leastMariadb = [10, 6];
const leastMysql = [8, 0, 16];

const isRecent = (version: string): boolean | undefined =>
  versionAtLeast(version, /mariadb/i.test(version) ? leastMariadb : leastMysql);

/** Two processes of each kind, and twice as many while an upgrade rolls: 10 sessions each of API and tools, 8 of a projector. */
const connectionsMin = 2 * (2 * 10 + 2 * 8);

const isStrict = (mode: string): boolean => /STRICT_(TRANS|ALL)_TABLES/.test(mode);

const modeText = ({ server, session }: DatabaseLook['sqlMode']): string => {
  const texts = [server, session].map((mode) => (isStrict(mode) ? 'strict' : 'not strict'));
  return texts[0] === texts[1] ? `${texts[0]}` : `${texts[0]} (in our sessions: ${texts[1]})`;
};

const wants: readonly Want<DatabaseLook>[] = [
  {
    name: 'mysql-version',
    wanted: 'MySQL 8.0.16 or MariaDB 10.6, or later',
    why: 'older ones lack JSON_TABLE, or do not check constraints',
    found: ({ version }) => (isRecent(version) === undefined ? undefined : version),
    holds: ({ version }) => isRecent(version) === true,
  },
  {
    name: 'innodb_flush_log_at_trx_commit',
    wanted: '1',
    why: 'the commit is the acknowledgement: it must be on disk before the entry leaves the stream',
    found: ({ flushAtCommit }) => String(flushAtCommit),
    holds: ({ flushAtCommit }) => flushAtCommit === 1,
  },
  {
    name: 'sync_binlog',
    wanted: '1, or no binlog',
    why: 'otherwise a power cut leaves replicas and backups without the last decisions, or with others',
    found: ({ logBin, syncBinlog }) => (logBin ? String(syncBinlog) : 'no binlog'),
    holds: ({ logBin, syncBinlog }) => !logBin || syncBinlog === 1,
  },
  {
    name: 'sql_mode',
    wanted: 'strict',
    why: 'what does not fit is cut silently otherwise, in what a proxy or a person sends without our settings',
    found: ({ sqlMode }) => modeText(sqlMode),
    holds: ({ sqlMode }) => isStrict(sqlMode.server) && isStrict(sqlMode.session),
  },
  {
    name: 'charset',
    wanted: 'utf8mb4',
    why: 'other character sets cannot hold every name',
    found: ({ charset }) => charset,
    holds: ({ charset }) => charset === 'utf8mb4',
  },
  {
    name: 'max_connections',
    wanted: `${connectionsMin} or more`,
    why: 'a process that gets no connection does not start, in the middle of an upgrade as well',
    found: ({ connectionsMax }) => String(connectionsMax),
    holds: ({ connectionsMax }) => connectionsMax >= connectionsMin,
  },
];

const takesWrites: Want<DatabaseLook> = {
  name: 'read_only',
  wanted: 'OFF',
  why: 'nothing can be decided here: set read_only=0, or let DATABASE_URL lead to the server that takes writes',
  found: ({ server: { name, isReadOnly } }) => `${isReadOnly ? 'ON' : 'OFF'} on ${name}`,
  holds: ({ server }) => !server.isReadOnly,
};

/**
 * Which server it is and whether it takes writes. No reason to refuse a start: a server that is read-only for a while is read,
 * and decides afterwards.
 */
export const judgeSide = (look: DatabaseLook | undefined): Line => lineOf(takesWrites, look);

const clock = clockWant('mysql-clock', 'backups and binlogs are matched with the journal by time');

export interface DatabaseSeen extends Omit<ClockLook, 'theirsMs'> {
  readonly server: DatabaseLook;
}

/** What the database has to be, one line a want; undefined when it could not be asked. */
export const judgeDatabase = (seen: DatabaseSeen | undefined): readonly Line[] => [
  ...wants.map((want) => lineOf(want, seen?.server)),
  lineOf(clock, seen && { ...seen, theirsMs: seen.server.nowMs }),
];
