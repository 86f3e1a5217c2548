import type { JournalEntry } from '../../domain/decisions.ts';
import { asError, brokenKeyOf, DataRefused, failureOf } from '../database/database-error.ts';
import { type Element, elementsIn, type Rows } from '../database/insert-text.ts';
import type { Session } from '../database/session.ts';

/** What one partition has decided, in the order of its positions. */
export interface DecidedPart {
  readonly partition: number;
  readonly entries: readonly JournalEntry[];
}

/** An element that is nobody else's yet. */
export type NewElement = unknown[];

/** The rows that several partitions have for one statement; each of its elements ends with its partition. */
export const elementsOf = <Part extends { readonly partition: number }>(
  parts: readonly Part[],
  elements: (part: Part) => NewElement[],
): readonly Element[] => parts.flatMap((part) => withPartition(elements(part), part.partition));

/** Put behind them where they are: a copy of every row that is written would cost a tenth of making it. */
const withPartition = (elements: NewElement[], partition: number): readonly Element[] => {
  for (const element of elements) element.push(partition);
  return elements;
};

/** The least max_allowed_packet in use is 16 MiB (MariaDB's default); a character may take six bytes of it. */
const STATEMENT_CHARACTERS_MAX = 2 * 1024 * 1024;

/** One statement for any number of rows, unless they are too long for a packet: then a half each. Adds up the rows. */
export const inPieces = async (
  elements: readonly Element[],
  write: (piece: readonly Element[]) => Promise<number>,
): Promise<number> => {
  if (elements.length === 0) return 0;
  if (elements.length === 1 || charactersOf(elements) <= STATEMENT_CHARACTERS_MAX) return write(elements);
  const middle = elements.length >> 1;
  const front = await inPieces(elements.slice(0, middle), write);
  return front + (await inPieces(elements.slice(middle), write));
};

const charactersOf = (elements: readonly Element[]): number => {
  let characters = 0;
  for (const element of elements)
    for (const value of element) characters += typeof value === 'string' ? value.length : 20;
  return characters;
};

/** A statement whose parameter is a JSON array of its rows. */
export const changeRows =
  (session: Session, sql: string) =>
  (elements: readonly Element[]): Promise<number> =>
    session.change(sql, [JSON.stringify(elements)]);

/** Which broken key of which statement says that a request is known already. */
export interface KnowingKey {
  readonly sql: string;
  readonly knowingKey?: string;
  /** Given the same rows, as JSON: deletes what may make way for them. Asked only where the knowing key is broken. */
  readonly makesRoom?: string;
}

/** Looking requests up answers no other broken key than `knowingKey`: any other is the data's fault. */
export const insertInto =
  (session: Session) =>
  async (insertion: KnowingKey, rows: Rows): Promise<void> => {
    try {
      if ('text' in rows) await insertPiece(session, insertion, rows);
      else await inPieces(rows, (piece) => insertPiece(session, insertion, piece));
    } catch (error) {
      throw saysKnown(insertion, error) ? error : asRefusedKey(error);
    }
  };

/** The server takes back a statement that failed, and it alone: the transaction goes on. */
const insertPiece = async (session: Session, insertion: KnowingKey, piece: Rows): Promise<number> => {
  const { sql, makesRoom } = insertion;
  try {
    return await session.insert(sql, piece);
  } catch (error) {
    if (makesRoom === undefined || !saysKnown(insertion, error)) throw error;
    if ((await changeRows(session, makesRoom)(elementsIn(piece))) === 0) throw error;
    return await session.insert(sql, piece);
  }
};

const saysKnown = ({ knowingKey }: KnowingKey, error: unknown): boolean =>
  knowingKey !== undefined && knowingKey === brokenKeyOf(error);

const asRefusedKey = (error: unknown): unknown =>
  failureOf(error) === 'duplicate' ? new DataRefused(asError(error).message, { cause: error }) : error;

/** Changes what must be there: where a row does not exist, or is another partition's, all of it is refused. */
export const changeAll =
  (session: Session) =>
  async (
    { sql, what }: { readonly sql: string; readonly what: string },
    elements: readonly Element[],
  ): Promise<void> => {
    const matched = await inPieces(elements, changeRows(session, sql));
    if (matched !== elements.length)
      throw new DataRefused(
        `${elements.length} ${what} are to change, but their partitions have ${matched} of them`,
      );
  };
