import { numberIn, type Row, textIn } from '../database/columns.ts';
import { type DatabaseServer, serverOf } from '../database/database-server.ts';
import { loadSql } from '../database/load-sql.ts';
import { openSession, type Session } from '../database/session.ts';
import { storedPartitions } from './agree-partitions.ts';
import { schemaFault } from './check-schema.ts';
import { inspectSessions, type SessionsInspection } from './inspect-sessions.ts';

const inspectServer = loadSql('setup/inspect-server');

/** The limits of our sessions; doctor checks that the server has applied them. */
export const limits = { connectMs: 2_500, queryMs: 5_000, silenceMs: 60_000, lockWaitMs: 1_000 };

/** The server's variables that the durability of a commit depends on, and others that doctor judges. */
export interface DatabaseFacts {
  /** As the server reports it. The text contains "MariaDB" on MariaDB. */
  readonly version: string;
  readonly flushAtCommit: number;
  readonly logBin: boolean;
  readonly syncBinlog: number;
  /** The server's default, and the value in our own sessions: a proxy may drop what those set. */
  readonly sqlMode: { readonly server: string; readonly session: string };
  readonly charset: string;
  /** The limit of the server or of our user, whichever is lower. */
  readonly connectionsMax: number;
  readonly binlogFormat: string;
  /** The settings of our own sessions. */
  readonly session: SessionSettings;
  readonly preparedStatementsMax: number;
  readonly doublewrite: string;
  readonly bufferPoolBytes: number;
  /** The size of all tables of the database together. */
  readonly tableBytes: number;
  /** The storage engines of our tables; before there are any, the default engine. */
  readonly engines: string;
  readonly nowMs: number;
  /** The server's own identification, and whether it takes writes. */
  readonly server: DatabaseServer;
}

export interface SessionSettings {
  readonly isolation: string;
  readonly timeZone: string;
  readonly silenceSeconds: number;
  readonly lockWaitSeconds: number;
  readonly statementMs: number;
  readonly packetBytesMax: number;
}

/** Further facts, about a database that has been set up. */
export interface SetupFacts {
  /** Why a role could not start on this schema; absent when it can. */
  readonly schemaFault?: string;
  /** Absent when it was never set up. */
  readonly partitions?: number;
}

export interface DatabaseInspector {
  server(): Promise<DatabaseFacts>;
  setUp(): Promise<SetupFacts>;
  /** Opens more sessions, to see which servers they reach. */
  sessions(): Promise<SessionsInspection | undefined>;
  close(): void;
}

/**
 * Opens one session for the inspection. Throws, with one line that names the database, when it cannot be
 * used.
 */
export const openDatabaseInspector = async (url: string): Promise<DatabaseInspector> => {
  const session = await openSession(url, limits);
  return {
    server: () => factsOf(session),
    setUp: async () => {
      const fault = await schemaFault(session);
      const partitions = await storedPartitions(session);
      return {
        ...(fault !== undefined && { schemaFault: fault }),
        ...(partitions !== undefined && { partitions }),
      };
    },
    sessions: () => inspectSessions(url, limits),
    close: () => session.destroy(),
  };
};

const factsOf = async (session: Session): Promise<DatabaseFacts> => {
  const [row = {}] = await session.rows(inspectServer);
  const all = numberIn(row, 'max_connections');
  const ours = numberIn(row, 'max_user_connections');
  return {
    version: textIn(row, 'version'),
    flushAtCommit: numberIn(row, 'flush_at_commit'),
    logBin: numberIn(row, 'log_bin') === 1,
    syncBinlog: numberIn(row, 'sync_binlog'),
    sqlMode: { server: textIn(row, 'server_sql_mode'), session: textIn(row, 'session_sql_mode') },
    charset: textIn(row, 'database_charset'),
    connectionsMax: ours > 0 ? Math.min(all, ours) : all,
    binlogFormat: textIn(row, 'binlog_format'),
    session: sessionOf(row),
    preparedStatementsMax: numberIn(row, 'max_prepared_statements'),
    doublewrite: textIn(row, 'doublewrite'),
    bufferPoolBytes: numberIn(row, 'buffer_pool_bytes'),
    tableBytes: numberIn(row, 'table_bytes'),
    engines: textIn(row, 'engines'),
    nowMs: numberIn(row, 'now_ms'),
    server: await serverOf(session),
  };
};

const sessionOf = (row: Row): SessionSettings => ({
  isolation: textIn(row, 'isolation'),
  timeZone: textIn(row, 'time_zone'),
  silenceSeconds: numberIn(row, 'wait_timeout'),
  lockWaitSeconds: numberIn(row, 'lock_wait_timeout'),
  statementMs: numberIn(row, 'statement_ms'),
  packetBytesMax: numberIn(row, 'max_allowed_packet'),
});
