import { type Rows, type RowValues, rowsText } from '../database/insert-text.ts';
import {
  type InsertStatement,
  type NewRowValues,
  type PartitionDecisions,
  rowValuesOf,
} from './write-rows.ts';

/** An INSERT, and the function that makes its rows from the decisions of one partition. */
export interface Insertion<Part extends PartitionDecisions> extends InsertStatement {
  readonly values: (part: Part) => NewRowValues[];
}

/** A packet may have 16 MiB at least, and the text is ASCII. */
const TEXT_CHARACTERS_MAX = 8 * 1024 * 1024;

/** INSERT texts built ahead of time, by batch and statement. Only the text is kept; the values can be derived again. */
const prepared = new WeakMap<PartitionDecisions['entries'], Map<object, Rows>>();

/** Builds the text of rows ahead of the commit, while nothing waits for it. */
export const prepare = <Part extends PartitionDecisions>(insertion: Insertion<Part>, part: Part): void => {
  const values = (): readonly RowValues[] => rowValuesOf([part], insertion.values);
  const made = values();
  if (made.length === 0) return;
  const built = rowsText(insertion.sql, made);
  if (built.length > TEXT_CHARACTERS_MAX) return;
  // Converted to bytes and back, because V8 keeps a concatenated string as a tree of its thousands of parts
  // until it is read for the first time.
  const text = Buffer.from(built, 'latin1').toString('latin1');
  const rows = prepared.get(part.entries) ?? new Map<object, Rows>();
  prepared.set(part.entries, rows.set(insertion, { sql: insertion.sql, text, values }));
};

/**
 * The rows of several partitions for a statement. For a single partition, its prepared text, if there is one.
 */
export const rowsOf = <Part extends PartitionDecisions>(
  insertion: Insertion<Part>,
  parts: readonly Part[],
): Rows => {
  const [part, another] = parts;
  const ready = part && !another ? prepared.get(part.entries)?.get(insertion) : undefined;
  return ready ?? rowValuesOf(parts, insertion.values);
};
