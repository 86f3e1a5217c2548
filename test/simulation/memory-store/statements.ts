import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { loadSql } from '../../../src/store/database/load-sql.ts';
import { changeStatements } from './change-statements.ts';
import { customerStatements } from './customer-statements.ts';
import { insertStatements } from './insert-statements.ts';
import { lookStatements } from './look-statements.ts';
import type { Change, Query } from './parameters.ts';
import { partitionChanges, partitionLooks } from './partition-statements.ts';
import { type KnownQuery, knownQueries } from './query-looks.ts';

export interface KnownStatement<Work> {
  /** Name of its file in src/store/sql. */
  readonly name: string;
  readonly work: Work;
}

/** File name → path, for the files below src/store/sql. */
const paths = new Map(
  readdirSync(new URL('../../../src/store/sql/', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .map((path) => [basename(path, '.sql'), path.slice(0, -'.sql'.length)]),
);

const byText = <Work>(
  statements: Readonly<Record<string, Work>>,
): ReadonlyMap<string, KnownStatement<Work>> =>
  new Map(
    Object.entries(statements).map(([name, work]) => [loadSql(paths.get(name) ?? name), { name, work }]),
  );

const changes = byText<Change>({ ...partitionChanges, ...insertStatements, ...changeStatements });
const looks = byText<Query>({ ...partitionLooks, ...lookStatements, ...customerStatements });

const known = <Work>(
  statements: ReadonlyMap<string, KnownStatement<Work>>,
  sql: string,
): KnownStatement<Work> => {
  const found = statements.get(sql);
  if (!found) throw new Error(`the server in memory does not know the statement: ${sql}`);
  return found;
};

/** The statements of src/store that change rows, recognised by their text. */
export const changeOf = (sql: string): KnownStatement<Change> => known(changes, sql);

/** The statements that return rows. */
export const lookOf = (sql: string): KnownStatement<Query> => known(looks, sql);

const queries = new Map(knownQueries.map((query) => [query.sql, query]));

/** A query built by the query library; it returns each row as an array. */
export const queryOf = (sql: string): KnownQuery => {
  const found = queries.get(sql);
  if (!found) throw new Error(`the server in memory does not know the query: ${sql}`);
  return found;
};
