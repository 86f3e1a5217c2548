import { Buffer } from 'node:buffer';
import { is, Placeholder, sql } from 'drizzle-orm';
import type { MySqlColumn } from 'drizzle-orm/mysql-core';
import { drizzle, type MySqlRemoteDatabase } from 'drizzle-orm/mysql-proxy';
import { newRowDecoder, type UnreadableValue } from './column-types.ts';
import type { Session } from './session.ts';

/** A parameter that is compared with no column, such as a limit. */
export interface PlainParameter<T> {
  readonly plain: (value: T) => T;
}

export const plainNumber: PlainParameter<number> = { plain: (value) => value };
export const plainBytes: PlainParameter<Buffer> = { plain: (value) => value };
export const plainText: PlainParameter<string> = { plain: (value) => value };

/** An optional parameter without a value: whether it is given changes the text of the query. */
export const flag: PlainParameter<true> = { plain: (value) => value };

/** A column as parameter: its value is typed and encoded as the column is. */
type Parameter =
  | MySqlColumn
  | PlainParameter<number>
  | PlainParameter<Buffer>
  | PlainParameter<string>
  | PlainParameter<true>;
type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> =
  P extends PlainParameter<infer T>
    ? T
    : P extends MySqlColumn
      ? Exclude<P['_']['data'], UnreadableValue>
      : never;
type ParameterValues<Names extends Parameters> = { readonly [Name in keyof Names]: ValueOf<Names[Name]> };
type Placeholders<Names extends Parameters> = { readonly [Name in keyof Names]: Placeholder };

/** What the library's builders have in common. */
interface BuiltQuery<Row> {
  readonly _: {
    /** A type only. */
    readonly result: readonly Row[];
    readonly selectedFields: Readonly<Record<string, unknown>>;
  };
  toSQL(): { readonly sql: string; readonly params: readonly unknown[] };
}

/** The part of the library that builds a query. */
export type SelectBuilder = Pick<MySqlRemoteDatabase, 'select'>;

/** A query that runs on any session; built once for the whole process. */
export interface Query<Values, Row> {
  /** The text that the server gets. */
  readonly sql: string;
  rows(session: Session, values: Values): Promise<readonly Row[]>;
}

/** A query whose text depends on which of its values are given. */
export interface FilteredQuery<Values, Name, Row> extends Omit<Query<Values, Row>, 'sql'> {
  sqlWith(...names: readonly Name[]): string;
}

/**
 * A typed query over our own sessions: the library writes the text, the schema's columns decode the rows; connections, limits
 * and transactions are ours. A column that cannot be read comes as an UnreadableValue (column-types.ts).
 */
export const newQuery = <const Names extends Parameters, Row>(
  parameters: Names,
  build: (db: SelectBuilder, placeholders: Placeholders<Names>) => BuiltQuery<Row>,
): Query<ParameterValues<Names>, Row> =>
  prepareQuery(parameters, (db) => build(db, newPlaceholders(parameters)));

/**
 * A query whose WHERE depends on the given parameters: `build` gets placeholders for those optional parameters that have a
 * value. Each combination is built when it is first used.
 */
export const newFilteredQuery = <const Names extends Parameters, const Optional extends Parameters, Row>(
  required: Names,
  optional: Optional,
  build: (
    db: SelectBuilder,
    placeholders: Placeholders<Names> & Partial<Placeholders<Optional>>,
  ) => BuiltQuery<Row>,
): FilteredQuery<ParameterValues<Names> & Partial<ParameterValues<Optional>>, keyof Optional, Row> => {
  const variants = new Map<string, Query<UntypedValues, Row>>();
  const variantWith = (isWanted: (name: string) => boolean): Query<UntypedValues, Row> => {
    const wanted = Object.entries(optional).filter(([name]) => isWanted(name));
    const key = wanted.map(([name]) => name).join();
    const known = variants.get(key);
    if (known) return known;
    const parameters = { ...required, ...Object.fromEntries(wanted) };
    const variant = prepareQuery(parameters, (db) => build(db, newPlaceholders(parameters)));
    variants.set(key, variant);
    return variant;
  };
  return {
    sqlWith: (...names) => variantWith((name) => names.includes(name)).sql,
    rows: (session, given) => {
      const values: UntypedValues = given;
      return variantWith((name) => values[name] !== undefined).rows(session, values);
    },
  };
};

type UntypedValues = Readonly<Record<string, unknown>>;

/** Builds only: a query is run by `rows`, on a session of the caller's. */
const builder = drizzle(async () => {
  throw new Error('this query was awaited by itself, which names no session: call its rows()');
});

const prepareQuery = <Row>(
  parameters: Parameters,
  build: (db: SelectBuilder) => BuiltQuery<Row>,
): Query<UntypedValues, Row> => {
  const built = build(builder);
  const { sql: text, params } = built.toSQL();
  const readers = params.map((param) => newValueReader(parameters, param));
  const rowOf = newRowDecoder<Row>(built._.selectedFields);
  return {
    sql: text,
    rows: async (session, given) =>
      (
        await session.arrays(
          text,
          readers.map((read) => read(given)),
        )
      ).map(rowOf),
  };
};

/** Reads the value of one `?` from the given values; a constant of the query is always the same. */
const newValueReader = (
  parameters: Parameters,
  param: unknown,
): ((given: UntypedValues) => string | Buffer) => {
  if (!is(param, Placeholder)) {
    const constant = driverValue(param);
    return () => constant;
  }
  const { name } = param;
  const parameter = parameters[name];
  if (!parameter) throw new Error(`the query has a placeholder that is no parameter: ${name}`);
  return (given) => driverValue(encoded(parameter, given[name]));
};

const newPlaceholders = <Named>(parameters: Parameters): Named =>
  Object.fromEntries(Object.keys(parameters).map((name) => [name, sql.placeholder(name)])) as Named;

const encoded = (parameter: Parameter, value: unknown): unknown =>
  'plain' in parameter ? value : parameter.mapToDriverValue(value);

/** Numbers travel as text: the driver would send a DOUBLE, which MySQL refuses in LIMIT. */
const driverValue = (value: unknown): string | Buffer => {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(Number(value));
  throw new Error(`a query takes text, bytes or a number, not ${typeof value}`);
};
