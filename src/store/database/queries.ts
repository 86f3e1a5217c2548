import { Buffer } from 'node:buffer';
import { DrizzleQueryError, type Placeholder, sql } from 'drizzle-orm';
import type { MySqlColumn } from 'drizzle-orm/mysql-core';
import { drizzle, type MySqlRemoteDatabase } from 'drizzle-orm/mysql-proxy';
import type { UnreadableValue } from './column-types.ts';
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
  prepare(): { execute(values?: Record<string, unknown>): Promise<readonly Row[]> };
  toSQL(): { readonly sql: string };
}

/** The part of the library's database that builds a query. */
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
 * A typed query over our own sessions: text and decoding are the library's; connections, limits and transactions are ours.
 * A column that cannot be read comes as an UnreadableValue (column-types.ts). A query that fails throws the server's own
 * error: the library's error has every parameter in its message, and those are customers' data.
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

const prepareQuery = <Row>(
  parameters: Parameters,
  build: (db: SelectBuilder) => BuiltQuery<Row>,
): Query<UntypedValues, Row> => {
  let caller: Session | undefined;
  // The library calls back before execute() returns, so one prepared query can serve all sessions.
  const db = drizzle(async (text, values: readonly unknown[]) => {
    if (!caller) throw new Error('drizzle-orm has called back later than its execute() returned');
    return { rows: await caller.arrays(text, values.map(driverValue)) };
  });
  const built = build(db);
  const prepared = built.prepare();
  const encoders = Object.entries(parameters);
  const execute = (session: Session, given: UntypedValues): Promise<readonly Row[]> => {
    const values = encoders.map(([name, parameter]) => [name, encoded(parameter, given[name])]);
    caller = session;
    try {
      return prepared.execute(Object.fromEntries(values));
    } finally {
      caller = undefined;
    }
  };
  return {
    sql: built.toSQL().sql,
    rows: (session, given) =>
      execute(session, given).catch((error: unknown) => {
        throw error instanceof DrizzleQueryError ? error.cause : error;
      }),
  };
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
