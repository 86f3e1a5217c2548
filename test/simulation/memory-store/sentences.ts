import { sentence } from '../../../src/store/database/load-sql.ts';
import { changeSentences } from './change-sentences.ts';
import { customerSentences } from './customer-sentences.ts';
import { insertSentences } from './insert-sentences.ts';
import { lookSentences } from './look-sentences.ts';
import type { Change, Look } from './parameters.ts';
import { partitionChanges, partitionLooks } from './partition-sentences.ts';
import { type KnownQuery, knownQueries } from './query-looks.ts';

export interface Known<Work> {
  /** Of its file in src/store/sql. */
  readonly name: string;
  readonly work: Work;
}

const byText = <Work>(sentences: Readonly<Record<string, Work>>): ReadonlyMap<string, Known<Work>> =>
  new Map(Object.entries(sentences).map(([name, work]) => [sentence(name), { name, work }]));

const changes = byText<Change>({ ...partitionChanges, ...insertSentences, ...changeSentences });
const looks = byText<Look>({ ...partitionLooks, ...lookSentences, ...customerSentences });

const known = <Work>(sentences: ReadonlyMap<string, Known<Work>>, sql: string): Known<Work> => {
  const found = sentences.get(sql);
  if (!found) throw new Error(`the server in memory does not know the sentence: ${sql}`);
  return found;
};

/** The sentences of src/store that change something, recognised by their text. */
export const changeOf = (sql: string): Known<Change> => known(changes, sql);

/** Those that return rows. */
export const lookOf = (sql: string): Known<Look> => known(looks, sql);

const queries = new Map(knownQueries.map((query) => [query.sql, query]));

/** A query of the library's, which gives each row as an array. */
export const queryOf = (sql: string): KnownQuery => {
  const found = queries.get(sql);
  if (!found) throw new Error(`the server in memory does not know the query: ${sql}`);
  return found;
};
