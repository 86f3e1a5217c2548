import { readFileSync } from 'node:fs';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type ExecuteValues,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import { maskUrl } from '../../shared/mask-url.ts';
import type { Row } from './columns.ts';
import { type DatabaseServer, serverOf, serversReached } from './database-server.ts';
import { faultOfUrl, withoutCaFile } from './database-url.ts';
import { type Rows, textOf } from './insert-text.ts';
import { type PendingAnswers, pendingAnswersOn } from './open-answers.ts';

/** What a session is for, in ms; the database is told, so that it ends a session whose client froze. */
export interface SessionLimits {
  readonly connectMs: number;
  readonly queryMs: number;
  /** How long the server keeps a silent session, inside a transaction too. Whole seconds count. */
  readonly silenceMs: number;
  readonly lockWaitMs: number;
}

/** Whether a server answers is asked by those who must answer soon themselves. */
const pingMsMax = 2_000;
const leaveMsMax = 1_000;

export type Values = readonly ExecuteValues[];

/** One connection to the database, speaking prepared statements; only what is inserted travels as text. */
export interface Session {
  rows(sql: string, values?: Values): Promise<readonly Row[]>;
  /** As `rows`, each row its columns' values in their order, which may have one name twice. */
  arrays(sql: string, values: Values): Promise<unknown[][]>;
  /** Resolves to the number of rows matched, whether or not they changed. */
  change(sql: string, values?: Values): Promise<number>;
  /** As `change`, of a statement that rowsText writes for these rows. */
  insert(sql: string, rows: Rows): Promise<number>;
  /** For statements that cannot be prepared: BEGIN, COMMIT, SET, DDL. */
  run(sql: string): Promise<void>;
  ping(): Promise<void>;
  /** Closes the socket at once; the server rolls back what was open. What was asked fails. */
  destroy(): void;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly gone: Promise<void>;
  /**
   * Which server it is on, and since when its process goes there. What was read in another home may be older or newer than
   * what is read here.
   */
  readonly home: string;
}

/** As whoever opens it has it. */
export interface OpenedSession extends Session {
  readonly server: DatabaseServer;
  /** What the server calls this connection. */
  readonly threadId: string;
  /** For how long what was asked has had no answer, ms; 0 while nothing is asked. */
  silentMs(): number;
  /** Takes leave, so that the server notes no broken connection. */
  end(): void;
}

/** This database must not be used; why, in one line that says what to do. */
export class DatabaseRefused extends Error {}

/** The statements of one session come to several servers. */
export class SplitSession extends DatabaseRefused {
  readonly servers: readonly string[];

  constructor(servers: readonly string[]) {
    super(
      `the statements of one session come to several servers (${servers.join(', ')}): a proxy that splits reads from writes stands in between; lead to the server that takes writes, or to a port of the proxy that sends everything there`,
    );
    this.servers = servers;
  }
}

/** Why this database must not be used, in one line; undefined when it may. Throws when it cannot be asked. */
export type DatabaseCheck = (session: Session) => Promise<string | undefined>;

export interface SessionOpening {
  /** Counts how often its pool has left a server; part of where it is at home. */
  readonly generation?: number;
  readonly check?: DatabaseCheck | undefined;
  /** Told of everything that a question fails with. */
  readonly onError?: (error: unknown) => void;
}

const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

const settingsOf = ({ queryMs, silenceMs, lockWaitMs }: SessionLimits): string => {
  const silence = wholeSeconds(silenceMs);
  const lockWait = wholeSeconds(lockWaitMs);
  const settings = [
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "time_zone = '+00:00'",
    'autocommit = 1',
    `innodb_lock_wait_timeout = ${lockWait}`,
    `wait_timeout = ${silence}`,
    // A client frozen in the middle of a packet is not "waiting": these two end it.
    `net_read_timeout = ${silence}`,
    `net_write_timeout = ${silence}`,
  ];
  return `${settings.join(', ')}${statementLimit(queryMs)}`;
};

/** The server speaks first: so the session stays usable, and whoever asked hears why. */
const SHARE_OF_SERVER = 0.9;

/**
 * What nobody waits for any more ends in the server too. MariaDB and MySQL each have a name of their own for it, and take
 * the other's for a comment; MySQL ends nothing but a SELECT.
 */
const statementLimit = (queryMs: number): string => {
  const ms = Math.ceil(queryMs * SHARE_OF_SERVER);
  return ` /*M!100101 , max_statement_time = ${ms / 1_000} */ /*!80000 , max_execution_time = ${ms} */`;
};

/** The driver would take any certificate that is signed, whomever it names, unless told to look at the name as well. */
const whereOf = (url: string): ConnectionOptions => {
  const { uri, caFile } = withoutCaFile(url);
  return { uri, ...(caFile !== undefined && { ssl: { ca: readFileSync(caFile), verifyIdentity: true } }) };
};

const optionsOf = (url: string, { connectMs }: SessionLimits): ConnectionOptions => ({
  ...whereOf(url),
  connectTimeout: connectMs,
  charset: 'utf8mb4_bin',
  timezone: 'Z',
  // BIGINT as decimal text: positions and stream ids are unsigned 64-bit.
  supportBigNumbers: true,
  bigNumberStrings: true,
  connectAttributes: { program_name: 'onsale' },
  // A stack of every question, in case it fails, is a twentieth of what a projector of small batches does.
  trace: false,
  // Text is said as it is: the driver would look through all of it for placeholders.
  queryFormat: (sql) => sql,
});

type StatementRunner = Pick<Session, 'rows' | 'arrays' | 'change' | 'insert' | 'run' | 'ping'>;

const statementsOver = (
  connection: Connection,
  { within }: PendingAnswers,
  queryMs: number,
  onError: (error: unknown) => void = () => undefined,
): StatementRunner => {
  const answered = async <T>(asked: Promise<T>, limitMs = queryMs): Promise<T> => {
    try {
      return await within(limitMs, asked);
    } catch (error) {
      onError(error);
      throw error;
    }
  };
  return {
    rows: async (sql, values = []) => {
      return (await answered(connection.execute<RowDataPacket[]>(sql, [...values])))[0];
    },
    arrays: async (sql, values) => {
      const options = { sql, rowsAsArray: true };
      return (await answered(connection.execute<RowDataPacket[][]>(options, [...values])))[0];
    },
    change: async (sql, values = []) => {
      return (await answered(connection.execute<ResultSetHeader>(sql, [...values])))[0].affectedRows;
    },
    insert: async (sql, rows) => {
      const asked = connection.query<ResultSetHeader>(textOf(sql, rows));
      return (await answered(asked))[0].affectedRows;
    },
    run: async (sql) => {
      await answered(connection.query(sql));
    },
    // Not the protocol's own ping: that one waits for ever on a server that is frozen.
    ping: async () => {
      await answered(connection.query('DO 1'), Math.min(queryMs, pingMsMax));
    },
  };
};

/** An idle connection that the server ends reports it as an event; unheard, it would end the process. */
const goneOf = (connection: Connection): Promise<void> =>
  new Promise((resolve) => {
    connection.on('error', () => resolve());
    connection.on('end', () => resolve());
  });

/** The server closes; one that is frozen would keep the socket. */
const closeGracefully = (connection: Connection): void => {
  connection.end().catch(() => connection.destroy());
  setTimeout(() => connection.destroy(), leaveMsMax).unref();
};

/** Opens a session with our settings; whatever goes wrong is one line that says which database and why. */
export const openSession = async (
  url: string,
  limits: SessionLimits,
  { generation = 0, check, onError }: SessionOpening = {},
): Promise<OpenedSession> => {
  const fault = faultOfUrl(url);
  if (fault !== undefined) throw new Error(`the database URL ${maskUrl(url)} is ${fault}`);
  let connection: Connection | undefined;
  let limit: NodeJS.Timeout | undefined;
  try {
    connection = await createConnection(optionsOf(url, limits));
    const gone = goneOf(connection);
    const answers = pendingAnswersOn(connection);
    const cut = (why: string) => (): void => answers.cut(why);
    limit = setTimeout(cut('it fell silent while the session was set up'), 2 * limits.connectMs);
    const talk = statementsOver(connection, answers, limits.queryMs, onError);
    await talk.run('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await talk.run(settingsOf(limits));
    const server = await serverOf(talk);
    // A session is one server, or nothing that it says goes together.
    const servers = await serversReached(talk, server);
    if (servers.length > 1) throw new SplitSession(servers);
    const leaving = connection;
    const session = {
      ...talk,
      server,
      home: `${server.id}, generation ${generation}`,
      gone,
      threadId: String(connection.threadId),
      silentMs: answers.silentMs,
      destroy: cut('the session was given up before the database answered'),
      end: () => closeGracefully(leaving),
    };
    const refusal = await check?.(session);
    if (refusal !== undefined) throw new DatabaseRefused(refusal);
    return session;
  } catch (error) {
    connection?.destroy();
    const what = `cannot use the database ${maskUrl(url)}: ${reasonOf(error)}`;
    throw error instanceof DatabaseRefused
      ? new DatabaseRefused(what, { cause: error })
      : new Error(what, { cause: error });
  } finally {
    clearTimeout(limit);
  }
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // Where a host has two addresses, Node reports an AggregateError without a message.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.message || error.name;
};
