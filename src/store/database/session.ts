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
import { serverErrorOf } from './database-error.ts';
import { type DatabaseServer, serverOf, serversReached } from './database-server.ts';
import { faultOfUrl, withoutCaFile } from './database-url.ts';
import { type Rows, textOf } from './insert-text.ts';
import { type PendingAnswers, pendingAnswersOn } from './pending-answers.ts';
import { type SessionLimits, settingsOf } from './session-limits.ts';

/** A ping is part of health checks, which must answer soon themselves. */
const pingMsMax = 2_000;
const leaveMsMax = 1_000;

export type Values = readonly ExecuteValues[];

/** One connection to the database. It uses prepared statements; only inserts are sent as text. */
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
  /** Closes the socket at once. The server rolls back an open transaction, and open statements fail. */
  destroy(): void;
  /** Resolves when the connection is gone, whichever side ended it. */
  readonly gone: Promise<void>;
  /**
   * The server it is on, and the generation of its pool. Data that was read in another home may be older or newer than data
   * that is read here.
   */
  readonly home: string;
}

/** A session as its opener gets it. */
export interface OpenedSession extends Session {
  readonly server: DatabaseServer;
  /** The id that the server gave this connection. */
  readonly threadId: string;
  /** The time that open statements have waited for an answer, ms; 0 while none is open. */
  silentMs(): number;
  /** Closes the connection in an orderly way, so that the server logs no broken connection. */
  end(): void;
}

/** The reason why this database must not be used, in one line that says what to do. */
export class DatabaseRefused extends Error {}

/** The statements of one session reach several servers. */
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
  /** How often its pool has given up a server; part of the session's home. */
  readonly generation?: number;
  readonly check?: DatabaseCheck | undefined;
  /** Called with each error that a statement fails with. */
  readonly onError?: (error: unknown) => void;
  /** Called with each answer to a statement, errors that the server reported included. */
  readonly onAnswer?: () => void;
}

/** `verifyIdentity` makes the driver compare the certificate's host name; it would accept any signed certificate otherwise. */
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
  // Recording a stack for every statement takes a twentieth of a projector's time when batches are small.
  trace: false,
  // Statement texts contain no placeholders: skip the driver's scan for them.
  queryFormat: (sql) => sql,
});

type StatementRunner = Pick<Session, 'rows' | 'arrays' | 'change' | 'insert' | 'run' | 'ping'>;

const statementsOver = (
  connection: Connection,
  { within }: PendingAnswers,
  queryMs: number,
  { onError, onAnswer }: Pick<SessionOpening, 'onError' | 'onAnswer'>,
): StatementRunner => {
  const answered = async <T>(asked: Promise<T>, limitMs = queryMs): Promise<T> => {
    try {
      const answer = await within(limitMs, asked);
      onAnswer?.();
      return answer;
    } catch (error) {
      if (serverErrorOf(error)) onAnswer?.();
      onError?.(error);
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
    // The protocol's own ping would wait for ever on a frozen server.
    ping: async () => {
      await answered(connection.query('DO 1'), Math.min(queryMs, pingMsMax));
    },
  };
};

/** When the server ends an idle connection, the driver emits an error event. Without a listener, that would end the process. */
const goneOf = (connection: Connection): Promise<void> =>
  new Promise((resolve) => {
    connection.on('error', () => resolve());
    connection.on('end', () => resolve());
  });

/** The server closes the connection; a frozen server would not, so the socket is destroyed after a while. */
const closeGracefully = (connection: Connection): void => {
  connection.end().catch(() => connection.destroy());
  setTimeout(() => connection.destroy(), leaveMsMax).unref();
};

/** Opens a session with our settings. Every error is one line that says which database and why. */
export const openSession = async (
  url: string,
  limits: SessionLimits,
  { generation = 0, check, ...heard }: SessionOpening = {},
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
    const talk = statementsOver(connection, answers, limits.queryMs, heard);
    await talk.run('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await talk.run(settingsOf(limits));
    const server = await serverOf(talk);
    // All statements of a session must reach one server, because data from two does not fit together.
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
