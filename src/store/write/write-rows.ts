import type { JournalEntry } from '../../domain/decisions.ts';
import { asError, brokenKeyOf, DataRefused, failureOf } from '../database/database-error.ts';
import { type Rows, type RowValues, rowValuesIn } from '../database/insert-text.ts';
import type { Session } from '../database/session.ts';

/** The decisions of one partition, in the order of their positions. */
export interface PartitionDecisions {
  readonly partition: number;
  readonly entries: readonly JournalEntry[];
}

/**
 * The values of a row before its partition is added. They must not be shared, because they are changed in
 * place.
 */
export type NewRowValues = unknown[];

/** The rows that several partitions have for one statement; the last value of each row is its partition. */
export const rowValuesOf = <Part extends { readonly partition: number }>(
  parts: readonly Part[],
  rows: (part: Part) => NewRowValues[],
): readonly RowValues[] => parts.flatMap((part) => withPartition(rows(part), part.partition));

/** Adds the partition in place: copying every row would cost a tenth of the time it takes to make it. */
const withPartition = (rows: NewRowValues[], partition: number): readonly RowValues[] => {
  for (const row of rows) row.push(partition);
  return rows;
};

/**
 * The lowest max_allowed_packet in use is 16 MiB (MariaDB's default). A character may take six bytes of it.
 */
const STATEMENT_CHARACTERS_MAX = 2 * 1024 * 1024;

/**
 * Runs one statement for all rows, or one for each half if they are too long for a packet. Adds up the row
 * counts.
 */
export const inChunks = async (
  rows: readonly RowValues[],
  write: (chunk: readonly RowValues[]) => Promise<number>,
): Promise<number> => {
  if (rows.length === 0) return 0;
  if (rows.length === 1 || charactersOf(rows) <= STATEMENT_CHARACTERS_MAX) return write(rows);
  const middle = rows.length >> 1;
  const front = await inChunks(rows.slice(0, middle), write);
  return front + (await inChunks(rows.slice(middle), write));
};

const charactersOf = (rows: readonly RowValues[]): number => {
  let characters = 0;
  for (const row of rows)
    for (const value of row) characters += typeof value === 'string' ? value.length : 20;
  return characters;
};

/** A statement whose parameter is a JSON array of its rows. */
export const changeRows =
  (session: Session, sql: string) =>
  (rows: readonly RowValues[]): Promise<number> =>
    session.change(sql, [JSON.stringify(rows)]);

/** An INSERT, and the unique key whose violation by it means that the request is a duplicate. */
export interface InsertStatement {
  readonly sql: string;
  readonly duplicateKey?: string;
  /** Deletes rows that may be replaced by these; takes the same rows as JSON. Run only after a violation of `duplicateKey`. */
  readonly clearConflicting?: string;
}

/** Only a violation of `duplicateKey` can be resolved by looking requests up; any other violation means that the data is bad. */
export const insertInto =
  (session: Session) =>
  async (insertion: InsertStatement, rows: Rows): Promise<void> => {
    try {
      if ('text' in rows) await insertChunk(session, insertion, rows);
      else await inChunks(rows, (chunk) => insertChunk(session, insertion, chunk));
    } catch (error) {
      throw isDuplicate(insertion, error) ? error : asRefusedKey(error);
    }
  };

/** The server rolls back only the statement that failed: the transaction goes on. */
const insertChunk = async (session: Session, insertion: InsertStatement, chunk: Rows): Promise<number> => {
  const { sql, clearConflicting } = insertion;
  try {
    return await session.insert(sql, chunk);
  } catch (error) {
    if (clearConflicting === undefined || !isDuplicate(insertion, error)) throw error;
    if ((await changeRows(session, clearConflicting)(rowValuesIn(chunk))) === 0) throw error;
    return await session.insert(sql, chunk);
  }
};

const isDuplicate = ({ duplicateKey }: InsertStatement, error: unknown): boolean =>
  duplicateKey !== undefined && duplicateKey === brokenKeyOf(error);

const asRefusedKey = (error: unknown): unknown =>
  failureOf(error) === 'duplicate' ? new DataRefused(asError(error).message, { cause: error }) : error;

/** Changes rows that must exist. If one does not exist, or belongs to another partition, all are refused. */
export const changeAll =
  (session: Session) =>
  async (
    { sql, what }: { readonly sql: string; readonly what: string },
    rows: readonly RowValues[],
  ): Promise<void> => {
    const matched = await inChunks(rows, changeRows(session, sql));
    if (matched !== rows.length)
      throw new DataRefused(
        `${rows.length} ${what} are to change, but their partitions have ${matched} of them`,
      );
  };
