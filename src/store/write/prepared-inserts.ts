import { type Rows, type RowValues, rowsText } from '../database/insert-text.ts';
import {
  type InsertStatement,
  type NewRowValues,
  type PartitionDecisions,
  rowValuesOf,
} from './write-rows.ts';

/** A statement that inserts, and its rows of what one partition has decided. */
export interface Insertion<Part extends PartitionDecisions> extends InsertStatement {
  readonly values: (part: Part) => NewRowValues[];
}

/** A packet has 16 MiB at least, and this is ASCII. */
const TEXT_CHARACTERS_MAX = 8 * 1024 * 1024;

/** Of entries whose turn may come, the rows of each statement. Only text is kept: what it was made of can be made again. */
const prepared = new WeakMap<PartitionDecisions['entries'], Map<object, Rows>>();

/** Makes the text of rows before their turn, when nobody waits for it. */
export const prepare = <Part extends PartitionDecisions>(insertion: Insertion<Part>, part: Part): void => {
  const values = (): readonly RowValues[] => rowValuesOf([part], insertion.values);
  const made = values();
  if (made.length === 0) return;
  const built = rowsText(insertion.sql, made);
  if (built.length > TEXT_CHARACTERS_MAX) return;
  // Through bytes and back: a text remains the thousands of built it was put together from until somebody reads it.
  const text = Buffer.from(built, 'latin1').toString('latin1');
  const rows = prepared.get(part.entries) ?? new Map<object, Rows>();
  prepared.set(part.entries, rows.set(insertion, { sql: insertion.sql, text, values }));
};

/** The rows that partitions have for a statement, as they were prepared where it is one partition's alone. */
export const rowsOf = <Part extends PartitionDecisions>(
  insertion: Insertion<Part>,
  parts: readonly Part[],
): Rows => {
  const [part, another] = parts;
  const ready = part && !another ? prepared.get(part.entries)?.get(insertion) : undefined;
  return ready ?? rowValuesOf(parts, insertion.values);
};
