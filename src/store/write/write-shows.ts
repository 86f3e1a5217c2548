import type { JournalEntry, ShowChanged, ShowOpened } from '../../domain/decisions.ts';
import type { ShowId } from '../../domain/ids.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import { changeAll, type DecidedPart, elementsOf, insertInto, type NewElement } from './write-rows.ts';

const insertShows = { sql: loadSql('write/insert-shows'), knowingKey: 'PRIMARY' };
const insertPools = { sql: loadSql('write/insert-pools') };
const changeShows = { sql: loadSql('write/change-shows'), what: 'shows' };
const addPools = { sql: loadSql('write/add-pools') };

interface Dated<Show> {
  readonly show: Show;
  readonly atMs: number;
}

/** A show's last change in a batch: it says all there is to say of the show. */
export type ChangedShows = ReadonlyMap<ShowId, Dated<ShowChanged>>;

export interface ChangedPart extends DecidedPart {
  readonly changed: ChangedShows;
}

/** Shows and the existence of their pools; adds to each part the changes, whose capacities move with the numbers. */
export const writeShows = async (
  session: Session,
  parts: readonly DecidedPart[],
): Promise<readonly ChangedPart[]> => {
  const insert = insertInto(session);
  const seen = parts.map(({ partition, entries }) => ({
    partition,
    entries,
    opened: entries.flatMap(openedShow),
    changed: new Map(entries.flatMap(changedShow)),
  }));
  await insert(
    insertShows,
    elementsOf(seen, ({ opened }) => opened.map(openedElement)),
  );
  await insert(
    insertPools,
    elementsOf(seen, ({ opened }) => opened.flatMap(poolElements)),
  );
  await changeAll(session)(
    changeShows,
    elementsOf(seen, ({ changed }) => [...changed.values()].map(changedElement)),
  );
  await insert(
    addPools,
    elementsOf(seen, ({ changed }) => [...changed.values()].flatMap(poolElements)),
  );
  return seen;
};

const openedShow = ({ decision, decidedAtMs }: JournalEntry): readonly Dated<ShowOpened>[] =>
  decision.type === 'ShowOpened' ? [{ show: decision, atMs: decidedAtMs }] : [];

const changedShow = ({
  decision,
  decidedAtMs,
}: JournalEntry): readonly (readonly [ShowId, Dated<ShowChanged>])[] =>
  decision.type === 'ShowChanged' ? [[decision.showId, { show: decision, atMs: decidedAtMs }]] : [];

const openedElement = ({ show, atMs }: Dated<ShowOpened>): NewElement => [
  hexOf(show.showId),
  show.name,
  atMs,
  JSON.stringify(show.rules),
];

const changedElement = ({ show }: Dated<ShowChanged>): NewElement => [
  hexOf(show.showId),
  show.name,
  show.revision,
  JSON.stringify(show.rules),
];

const poolElements = ({ show, atMs }: Dated<ShowOpened | ShowChanged>): NewElement[] =>
  show.pools.map(({ id, name, capacity }, ordinal) => [
    hexOf(show.showId),
    id,
    ordinal,
    name,
    capacity,
    atMs,
  ]);
