import { type Row, textIn } from './columns.ts';
import { loadSql } from './load-sql.ts';

const findServer = loadSql('database/find-server');
const findReadOnly = loadSql('database/find-read-only');
const findThreads = loadSql('database/find-threads');
const findServerNow = loadSql('database/find-server-now');

/** The server that a session is on. */
export interface DatabaseServer {
  /** For people: host, port and server_id, as the server reports them. */
  readonly name: string;
  /** Distinguishes it from every other server, copies included, as far as its variables allow. */
  readonly id: string;
  /** Nothing can be committed here. */
  readonly isReadOnly: boolean;
}

/** The part of a session that is used here: session.ts imports this file, so this file must not import `Session`. */
interface QueryRunner {
  rows(sql: string, values?: readonly string[]): Promise<readonly Row[]>;
}

export const serverOf = async (session: QueryRunner): Promise<DatabaseServer> => {
  const variables = variablesIn(await session.rows(findServer));
  const variable = (name: string): string => variables.get(name) ?? '';
  const name = `${variable('hostname')}:${variable('port')} (server_id ${variable('server_id')})`;
  return {
    name,
    id: `${name} ${variable('server_uuid')}${variable('server_uid')}`,
    isReadOnly: [
      'read_only',
      'innodb_read_only',
      // Makes every transaction a read-only one, unless it says otherwise.
      'tx_read_only',
      'transaction_read_only',
    ].some((each) => isOn(variable(each))),
  };
};

/** The values that SHOW VARIABLES or SHOW STATUS returned, by name. */
export const variablesIn = (rows: readonly Row[]): ReadonlyMap<string, string> =>
  new Map(rows.map((row) => [textIn(row, 'Variable_name'), textIn(row, 'Value')]));

/** Whether it has been set read-only since; cheap enough to be asked every second. */
export const isReadOnlyNow = async (session: QueryRunner): Promise<boolean> => {
  const [row]: readonly Row[] = await session.rows(findReadOnly);
  return row !== undefined && isOn(textIn(row, 'read_only'));
};

/**
 * Whether the server is executing a statement on another connection of ours; false when the connection does not exist or is
 * idle. A proxy may give connections numbers of its own: then it cannot be known, and the answer is true.
 */
export const isAtWork = async (
  session: QueryRunner & { readonly threadId: string },
  threadId: string,
): Promise<boolean> => {
  const rows = await session.rows(findThreads, [session.threadId, threadId]);
  const commands = new Map(rows.map((row) => [textIn(row, 'id'), textIn(row, 'command')]));
  return !commands.has(session.threadId) || (commands.get(threadId) ?? 'Sleep') !== 'Sleep';
};

/**
 * Every server that the statements of one session reach: by a read, by a read inside a transaction, and the one already known.
 * More than one means that a proxy in between sends some statements elsewhere. An owner would then read data that is older than
 * the data it writes to, and no fence would notice.
 */
export const serversReached = async (
  session: QueryRunner & { run(sql: string): Promise<void> },
  { name }: Pick<DatabaseServer, 'name'>,
): Promise<readonly string[]> => {
  const now = async (): Promise<string> => {
    const [row] = await session.rows(findServerNow);
    return row === undefined ? name : textIn(row, 'name');
  };
  const byReading = await now();
  await session.run('START TRANSACTION');
  const inTransaction = await now();
  await session.run('ROLLBACK');
  return [...new Set([name, byReading, inTransaction])];
};

const isOn = (value: string): boolean => value !== '' && value !== '0' && value !== 'OFF';
