import { readFileSync } from 'node:fs';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type ExecuteValues,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import { faultOfUrl, maskPassword, withoutCaFile } from './database-url.ts';
import type { Row } from './row.ts';
import { type Rows, textOf } from './rows-text.ts';

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

export type Values = readonly ExecuteValues[];

/** One connection to the database, speaking prepared statements; only what is inserted travels as text. */
export interface Session {
  rows(sql: string, values?: Values): Promise<readonly Row[]>;
  /** Resolves to the number of rows matched, whether or not they changed. */
  change(sql: string, values?: Values): Promise<number>;
  /** As `change`, of a sentence that rowsText writes for these rows. */
  insert(sql: string, rows: Rows): Promise<number>;
  /** For sentences that cannot be prepared: BEGIN, COMMIT, SET, DDL. */
  say(sql: string): Promise<void>;
  ping(): Promise<void>;
  /** Closes the socket at once; the server rolls back what was open. */
  destroy(): void;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly gone: Promise<void>;
}

const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

const settingsOf = ({ silenceMs, lockWaitMs }: SessionLimits): string => {
  const silence = wholeSeconds(silenceMs);
  const lockWait = wholeSeconds(lockWaitMs);
  return [
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "time_zone = '+00:00'",
    'autocommit = 1',
    `innodb_lock_wait_timeout = ${lockWait}`,
    `wait_timeout = ${silence}`,
    // A client frozen in the middle of a packet is not "waiting": these two end it.
    `net_read_timeout = ${silence}`,
    `net_write_timeout = ${silence}`,
  ].join(', ');
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

/** The driver's own timeout leaves its timer running when the connection breaks, and the process with it. */
const within = <T>(connection: Connection, limitMs: number, answer: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      connection.destroy();
      reject(new Error(`the database did not answer within ${limitMs} ms`));
    }, limitMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });

const sessionOver = (connection: Connection, queryMs: number): Session => {
  const gone = new Promise<void>((resolve) => {
    // An idle connection that the server ends reports it here; unheard, it would end the process.
    connection.on('error', () => resolve());
    connection.on('end', () => resolve());
  });
  return {
    rows: async (sql, values = []) => {
      const [rows] = await within(connection, queryMs, connection.execute<RowDataPacket[]>(sql, [...values]));
      return rows;
    },
    change: async (sql, values = []) => {
      const [header] = await within(
        connection,
        queryMs,
        connection.execute<ResultSetHeader>(sql, [...values]),
      );
      return header.affectedRows;
    },
    insert: async (sql, rows) => {
      const text = textOf(sql, rows);
      const [header] = await within(connection, queryMs, connection.query<ResultSetHeader>(text));
      return header.affectedRows;
    },
    say: async (sql) => {
      await within(connection, queryMs, connection.query(sql));
    },
    // Not the protocol's own ping: that one waits for ever on a server that is frozen.
    ping: async () => {
      await within(connection, Math.min(queryMs, pingMsMax), connection.query('DO 1'));
    },
    destroy: () => connection.destroy(),
    gone,
  };
};

/** Opens a session with our settings; whatever goes wrong is one line that says which database and why. */
export const openSession = async (url: string, limits: SessionLimits): Promise<Session> => {
  const fault = faultOfUrl(url);
  if (fault !== undefined) throw new Error(`the database URL ${maskPassword(url)} is ${fault}`);
  let session: Session | undefined;
  try {
    session = sessionOver(await createConnection(optionsOf(url, limits)), limits.queryMs);
    await session.say('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await session.say(settingsOf(limits));
    return session;
  } catch (error) {
    session?.destroy();
    throw new Error(`cannot use the database ${maskPassword(url)}: ${reasonOf(error)}`, { cause: error });
  }
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // Where a host has two addresses, Node reports an AggregateError without a message.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.message || error.name;
};
