import { Buffer } from 'node:buffer';
import { Column, type GetColumnData, is, SQL } from 'drizzle-orm';
import { customType, type MySqlColumn } from 'drizzle-orm/mysql-core';
import type { RequestId } from '../../domain/ids.ts';
import {
  type ReadValue,
  type Row,
  readAs,
  readBytes,
  readDigits,
  readNumber,
  readRequestId,
  readReservationId,
  readShowId,
  readText,
} from './columns.ts';
import { bytesOf } from './parameters.ts';

/**
 * Stands for the value of a column that this build cannot read. It is a value instead of an exception, because the library
 * decodes all rows of an answer in one go: one unreadable row must not fail the others.
 */
export class UnreadableValue {
  readonly why: string;

  constructor(error: unknown) {
    this.why = error instanceof Error ? error.message : String(error);
  }
}

interface ColumnType<T> {
  /** The type of the column, as the server names it. */
  readonly type: string;
  readonly read: ReadValue<T>;
  /** Encodes a value for the driver; without it the value is passed unchanged. */
  readonly write?: (value: T) => Buffer | string;
}

const columnOf = <T>(name: string, { type, read, write }: ColumnType<T>) =>
  customType<{ data: T | UnreadableValue; driverData: unknown }>({
    dataType: () => type,
    fromDriver: (value) => {
      try {
        return read(name, value);
      } catch (error) {
        return new UnreadableValue(error);
      }
    },
    toDriver: (value) => (value instanceof UnreadableValue || !write ? value : write(value)),
  })(name);

type WholeNumber = 'int' | 'int unsigned' | 'smallint unsigned' | 'bigint unsigned';
type BytesOfText = `varbinary(${number})`;

/** A whole number within the safe integers of JavaScript. */
export const whole = (name: string, type: WholeNumber) =>
  columnOf(name, { type, read: readNumber, write: String });
/** Milliseconds since the epoch. */
export const ms = (name: string) => whole(name, 'bigint unsigned');
/** Half a stream id: unsigned 64 bits, read as text, because a JavaScript number cannot hold it. */
export const half = (name: string) => columnOf(name, { type: 'bigint unsigned', read: readDigits });
export const bytes = (name: string, type: string) => columnOf(name, { type, read: readBytes });

const utf8 = (type: string): string => `${type} character set utf8mb4 collate utf8mb4_bin`;

export const text = (name: string, type: string) => columnOf(name, { type: utf8(type), read: readText });
/** A text that `read` turns into something else, such as JSON or a word out of a list. */
export const textAs = <T extends string | object>(name: string, type: string, read: ReadValue<T>) =>
  columnOf(name, { type: utf8(type), read });
/** A text that is stored and compared as bytes. */
export const bytesAs = <T extends string>(
  name: string,
  type: BytesOfText,
  parse: (text: string) => T | undefined,
) => columnOf(name, { type, read: readAs(parse), write: (value: T) => Buffer.from(value) });

const id = <T extends RequestId>(read: ReadValue<T>) => ({ type: 'binary(16)', read, write: bytesOf });

export const showId = (name: string) => columnOf(name, id(readShowId));
export const reservationId = (name: string) => columnOf(name, id(readReservationId));
export const requestId = (name: string) => columnOf(name, id(readRequestId));

/** A row whose columns could all be read. */
export type ReadableRow<Columns> = {
  readonly [Name in keyof Columns]: Exclude<Columns[Name], UnreadableValue>;
};

/** Runs for every row. A loop without a list of the values takes a third of the time. */
const faultIn = (row: object): UnreadableValue | undefined => {
  let value: unknown;
  for (const name in row) {
    value = Reflect.get(row, name);
    if (value instanceof UnreadableValue) return value;
  }
  return undefined;
};

const isReadable = <Columns extends object>(row: Columns): row is Columns & ReadableRow<Columns> =>
  faultIn(row) === undefined;

/** The row itself; throws for the first column that cannot be read. */
export const readable = <Columns extends object>(row: Columns): ReadableRow<Columns> => {
  if (isReadable(row)) return row;
  throw new Error(faultIn(row)?.why);
};

/** The value of one column; throws when it cannot be read. */
export const readableValue = <T>(value: T | UnreadableValue): T => {
  if (value instanceof UnreadableValue) throw new Error(value.why);
  return value;
};

type Selection = Readonly<Record<string, MySqlColumn>>;

/** A row of a query that selects these columns. */
export type SelectedRow<Columns extends Selection> = {
  readonly [Name in keyof Columns]: GetColumnData<Columns[Name]>;
};

/**
 * Reads the same columns from a row of a statement in sql/. `names` has the columns whose names there differ from those of
 * their table. Throws for the first that cannot be read.
 */
export const newRowReader = <Columns extends Selection>(
  columns: Columns,
  names: Partial<Record<keyof Columns, string>> = {},
): ((row: Row) => ReadableRow<SelectedRow<Columns>>) => {
  const decoders = Object.entries(columns).map(([key, column]) => ({
    key,
    name: names[key] ?? column.name,
    isNullable: !column.notNull,
    decode: (value: unknown) => column.mapFromDriverValue(value),
  }));
  const blank = newBlank(decoders.map(({ key }) => key));
  return (row) => {
    const read = { ...blank };
    for (const { key, name, isNullable, decode } of decoders) {
      const value = row[name];
      if (value !== null || !isNullable) read[key] = readableValue(decode(value));
    }
    return read as ReadableRow<SelectedRow<Columns>>;
  };
};

/** A row to copy. It has its final shape from the start: adding members one by one costs several times as much. */
const newBlank = (names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, null]));

type Decode = (value: unknown) => unknown;

/**
 * Decodes a row of values that stand in the order of the selected fields. The library's own way to do that asks for the kind
 * of each field in each row, which takes longer than all the rest.
 */
export const newRowDecoder = <Row>(
  fields: Readonly<Record<string, unknown>>,
): ((values: readonly unknown[]) => Row) => {
  const columns = Object.entries(fields).map(([name, field]) => ({ name, decode: decoderOf(name, field) }));
  const blank = newBlank(columns.map(({ name }) => name));
  return (values) => {
    const row = { ...blank };
    let index = 0;
    for (const { name, decode } of columns) {
      const value = values[index++];
      if (value !== null) row[name] = decode(value);
    }
    return row as Row;
  };
};

const decoderOf = (name: string, field: unknown): Decode => {
  if (is(field, Column)) return (value) => field.mapFromDriverValue(value);
  if (is(field, SQL.Aliased)) return decoderOf(name, field.sql);
  if (is(field, SQL) && hasDecoder(field)) return (value) => field.decoder.mapFromDriverValue(value);
  throw new Error(`a query cannot select ${name}: it is neither a column nor an expression`);
};

/** The library sets it by `mapWith`, and leaves it out of the types. */
const hasDecoder = (field: object): field is { readonly decoder: { readonly mapFromDriverValue: Decode } } =>
  'decoder' in field &&
  typeof field.decoder === 'object' &&
  field.decoder !== null &&
  'mapFromDriverValue' in field.decoder;
