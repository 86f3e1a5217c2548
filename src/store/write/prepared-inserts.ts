import { type Element, type Rows, rowsText } from '../database/insert-text.ts';
import { type DecidedPart, elementsOf, type KnowingKey, type NewElement } from './write-rows.ts';

/** A statement that inserts, and its rows of what one partition has decided. */
export interface Insertion<Part extends DecidedPart> extends KnowingKey {
  readonly elements: (part: Part) => NewElement[];
}

/** A packet has 16 MiB at least, and this is ASCII. */
const TEXT_CHARACTERS_MAX = 8 * 1024 * 1024;

/** Of entries whose turn may come, the rows of each statement. Only text is kept: what it was made of can be made again. */
const prepared = new WeakMap<DecidedPart['entries'], Map<object, Rows>>();

/** Makes the text of rows before their turn, when nobody waits for it. */
export const prepare = <Part extends DecidedPart>(insertion: Insertion<Part>, part: Part): void => {
  const elements = (): readonly Element[] => elementsOf([part], insertion.elements);
  const made = elements();
  if (made.length === 0) return;
  const pieces = rowsText(insertion.sql, made);
  if (pieces.length > TEXT_CHARACTERS_MAX) return;
  // Through bytes and back: a text remains the thousands of pieces it was put together from until somebody reads it.
  const text = Buffer.from(pieces, 'latin1').toString('latin1');
  const rows = prepared.get(part.entries) ?? new Map<object, Rows>();
  prepared.set(part.entries, rows.set(insertion, { sql: insertion.sql, text, elements }));
};

/** The rows that partitions have for a statement, as they were prepared where it is one partition's alone. */
export const rowsOf = <Part extends DecidedPart>(
  insertion: Insertion<Part>,
  parts: readonly Part[],
): Rows => {
  const [part, another] = parts;
  const ready = part && !another ? prepared.get(part.entries)?.get(insertion) : undefined;
  return ready ?? elementsOf(parts, insertion.elements);
};
