import type { JournalEntry, ShowChanged, ShowOpened } from '../../domain/decisions.ts';
import type { ShowId } from '../../domain/ids.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import {
  changeAll,
  type InsertStatement,
  insertInto,
  type NewRowValues,
  type PartitionDecisions,
  rowValuesOf,
} from './write-rows.ts';

const insertShows: InsertStatement = { sql: loadSql('write/insert-shows'), duplicateKey: 'PRIMARY' };
const insertPools = { sql: loadSql('write/insert-pools') };
const changeShows = { sql: loadSql('write/change-shows'), what: 'shows' };
const addPools = { sql: loadSql('write/add-pools') };

interface DatedShow<Show> {
  readonly show: Show;
  readonly atMs: number;
}

/** A show's last change in a batch, which contains the complete state of the show. */
export type ChangedShows = ReadonlyMap<ShowId, DatedShow<ShowChanged>>;

export interface PartitionChanges extends PartitionDecisions {
  readonly changed: ChangedShows;
}

/**
 * Writes shows and inserts their new pools. Adds to each part the changed shows, because `movePools` changes
 * their capacities together with the counters.
 */
export const writeShows = async (
  session: Session,
  parts: readonly PartitionDecisions[],
): Promise<readonly PartitionChanges[]> => {
  const insert = insertInto(session);
  const changes = parts.map(({ partition, entries }) => ({
    partition,
    entries,
    opened: entries.flatMap(openedShow),
    changed: new Map(entries.flatMap(changedShow)),
  }));
  await insert(
    insertShows,
    rowValuesOf(changes, ({ opened }) => opened.map(openedValues)),
  );
  await insert(
    insertPools,
    rowValuesOf(changes, ({ opened }) => opened.flatMap(poolValues)),
  );
  await changeAll(session)(
    changeShows,
    rowValuesOf(changes, ({ changed }) => [...changed.values()].map(changedValues)),
  );
  await insert(
    addPools,
    rowValuesOf(changes, ({ changed }) => [...changed.values()].flatMap(poolValues)),
  );
  return changes;
};

const openedShow = ({ decision, decidedAtMs }: JournalEntry): readonly DatedShow<ShowOpened>[] =>
  decision.type === 'ShowOpened' ? [{ show: decision, atMs: decidedAtMs }] : [];

const changedShow = ({
  decision,
  decidedAtMs,
}: JournalEntry): readonly (readonly [ShowId, DatedShow<ShowChanged>])[] =>
  decision.type === 'ShowChanged' ? [[decision.showId, { show: decision, atMs: decidedAtMs }]] : [];

const openedValues = ({ show, atMs }: DatedShow<ShowOpened>): NewRowValues => [
  hexOf(show.showId),
  show.name,
  atMs,
  JSON.stringify(show.rules),
];

const changedValues = ({ show }: DatedShow<ShowChanged>): NewRowValues => [
  hexOf(show.showId),
  show.name,
  show.revision,
  JSON.stringify(show.rules),
];

const poolValues = ({ show, atMs }: DatedShow<ShowOpened | ShowChanged>): NewRowValues[] =>
  show.pools.map(({ id, name, capacity }, ordinal) => [
    hexOf(show.showId),
    id,
    ordinal,
    name,
    capacity,
    atMs,
  ]);
