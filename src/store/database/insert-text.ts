import { Buffer } from 'node:buffer';
import { DataRefused } from './database-error.ts';

/**
 * The text of a statement that inserts any number of rows. Its statement ends in VALUES and one row, in which `:number`,
 * `:hex` and `:text` stand for the values, in their order:
 *
 *   INSERT INTO holds (reservation_id, expires_at_ms, partition_id) VALUES (:hex, :number, :number)
 *
 * `?` after one of these says that its column is null unless it is given. Such a column is left out where no row has a value
 * for it: the server needs a fourth of an INSERT to parse its text, and most reservations have no reason, reference or expiry.
 *
 * No value is ever read as SQL: numbers are digits, bytes are hex, and a text with anything but harmless ASCII is hex as
 * well. It is text because the server parses it in two thirds of the time that the same rows take as JSON, and because the
 * placeholders of a prepared statement would cost this process more.
 */
export const rowsText = (sql: string, rows: readonly RowValues[]): string => {
  const { head, slots, tail, width } = fitted(templateOf(sql), rows);
  let text = head;
  // Runs for every value that is ever written. Index loops take two thirds of the time of iterators.
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? [];
    if (row.length !== width) throw new Error(`${row.length} values for ${width} slots: ${head}`);
    if (index > 0) text += ',';
    for (let at = 0; at < slots.length; at += 1) {
      const slot = slots[at];
      if (!slot) continue;
      text += slot.before;
      text += literalOf(slot.literal, row[slot.at]);
    }
    text += ')';
  }
  return text + tail;
};

/** The values that a statement takes for one row. */
export type RowValues = readonly unknown[];

/** Rows whose text for a statement has been built already. */
export interface PreparedRows {
  readonly sql: string;
  readonly text: string;
  readonly values: () => readonly RowValues[];
}

export type Rows = readonly RowValues[] | PreparedRows;

export const textOf = (sql: string, rows: Rows): string =>
  'text' in rows && rows.sql === sql ? rows.text : rowsText(sql, rowValuesIn(rows));

export const rowValuesIn = (rows: Rows): readonly RowValues[] => ('text' in rows ? rows.values() : rows);

type Literal = (value: unknown) => string;

/** The place of a value in its row, the text before it, and how it is written. */
interface Slot {
  readonly at: number;
  readonly before: string;
  readonly literal: Literal;
  readonly isOptional: boolean;
}

interface Template {
  readonly head: string;
  readonly slots: readonly Slot[];
  readonly tail: string;
  /** How many values a row has. */
  readonly width: number;
}

/** The template without the columns for which no row has a value. */
const fitted = (template: Template, rows: readonly RowValues[]): Template => {
  const isNeeded = ({ at, isOptional }: Slot): boolean =>
    !isOptional || rows.some((row) => hasValue(row[at]));
  const slots = template.slots.filter(isNeeded);
  if (slots.length === template.slots.length) return template;
  const head = template.head.replace(/\(([^()]*)\)/, (_, columns: string) => {
    const names = columns.split(',');
    return `(${slots.map(({ at }) => names[at]).join(',')})`;
  });
  return { ...template, head, slots };
};

const hasValue = (value: unknown): boolean => value !== null && value !== undefined;

const templates = new Map<string, Template>();

/** Parsed once for each statement: there are as many as there are files in sql/, and their shadows. */
const templateOf = (sql: string): Template => {
  const known = templates.get(sql);
  if (known) return known;
  const made = newTemplate(sql);
  templates.set(sql, made);
  return made;
};

const rowPattern = /^(.*\bVALUES )(\([^()]*\))(.*)$/s;

const newTemplate = (sql: string): Template => {
  const [, head, row, tail] = rowPattern.exec(sql) ?? [];
  if (head === undefined || row === undefined || tail === undefined)
    throw new Error(`no row of placeholders in ${sql}`);
  const slots = [...row.slice(0, -1).matchAll(/([^:]*):(number|hex|text)(\??)/gy)].map(
    ([, before = '', kind = '', mark], at) => ({
      at,
      before,
      literal: literals[kind as keyof typeof literals],
      isOptional: mark === '?',
    }),
  );
  if (`${slots.map(placeholder).join('')})` !== row)
    throw new Error(`a row of placeholders ends in one: ${row}`);
  if (slots.some(({ isOptional }) => isOptional) && slots.some(({ before }) => !/^[(,]\s*$/.test(before)))
    throw new Error(`a row with optional placeholders has nothing else: ${row}`);
  if (slots[0]?.isOptional) throw new Error(`the first placeholder is never left out: ${row}`);
  return { head, slots, tail, width: slots.length };
};

const placeholder = ({ before, literal, isOptional }: Slot): string =>
  `${before}:${literal.name}${isOptional ? '?' : ''}`;

const literalOf = (literal: Literal, value: unknown): string => (hasValue(value) ? literal(value) : 'NULL');

const digits = /^-?\d{1,20}$/;
const hexDigits = /^(?:[0-9a-f]{2})*$/;
/** Printable ASCII without the quote and the backslash. */
const harmless = /^[ -&(-[\]-~]*$/;

const refuse = (value: unknown, what: string): never => {
  throw new DataRefused(`${JSON.stringify(value)} is no ${what}`);
};

const literals = {
  /** A whole number, or the decimal text of one: 64 bits are more than a JavaScript number holds. */
  number: (value: unknown): string => {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return `${value}`;
    const text = String(value);
    return digits.test(text) ? text : refuse(value, 'whole number');
  },
  hex: (value: unknown): string =>
    typeof value === 'string' && hexDigits.test(value) ? `x'${value}'` : refuse(value, 'bytes in hex'),
  text: (value: unknown): string => {
    if (typeof value !== 'string' || !value.isWellFormed()) return refuse(value, 'text');
    return harmless.test(value) ? `'${value}'` : `_utf8mb4 x'${Buffer.from(value).toString('hex')}'`;
  },
} satisfies Record<string, Literal>;
