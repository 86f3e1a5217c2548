import type { Values } from '../../../src/store/database/session.ts';
import { listOpenShows } from '../../../src/store/read/count-open-shows.ts';
import {
  findListEnd,
  listDecisionsOfReservation,
  listParkedOfRequest,
  listReservations,
} from '../../../src/store/read/read-reservations.ts';
import { journalColumns } from '../../../src/store/rows/journal-row.ts';
import { parkedItemColumns } from '../../../src/store/rows/parked-row.ts';
import { reservationColumns } from '../../../src/store/rows/reservation-row.ts';
import { findSetting } from '../../../src/store/rows/settings.ts';
import { journalOut, reservationOut } from './driver-rows.ts';
import { binary, hexAt, numberAt, type Query, textAt } from './parameters.ts';
import { journalKey, type ParkedRow, type ReservationRow, type Tables } from './tables.ts';

/** A query built by the query library; its rows are arrays. */
export interface KnownQuery {
  readonly name: string;
  readonly sql: string;
  readonly work: Query;
  /** For each value, its column's index in a row of `work`. */
  readonly columns: readonly string[];
}

const decisionsOfReservation: Query = ({ committed }, values) => {
  const id = hexAt(values, 0);
  const own = committed.journal.byUnique(id);
  const later = committed.reservationDecisions
    .group('reservation', id)
    .flatMap((row) => committed.journal.get(journalKey(row.partition_id, row.position)) ?? []);
  return [...(own ? [own] : []), ...later].toSorted((a, b) => a.position - b.position).map(journalOut);
};

const parkedOfRequest: Query = ({ committed }, values) =>
  committed.parked
    .group('request', hexAt(values, 0))
    .toSorted(byParking)
    .map((row) => ({ ...row }));

const byParking = (a: ParkedRow, b: ParkedRow): number =>
  a.parked_at_ms - b.parked_at_ms ||
  Number(BigInt(a.stream_ms) - BigInt(b.stream_ms)) ||
  Number(BigInt(a.stream_seq) - BigInt(b.stream_seq));

const setting: Query = ({ committed }, values) => {
  const row = committed.settings.get(textAt(values, 0));
  return row ? [{ ...row }] : [];
};

const openShows: Query = ({ committed }, values) => {
  const nowMs = numberAt(values, 0);
  return [...committed.partitions.all()]
    .toSorted((a, b) => a.id - b.id)
    .map(({ id }) => ({
      id,
      open_shows: committed.shows
        .group('partition', String(id))
        .filter(({ rules }) => isOpen(parseRules(rules), nowMs)).length,
    }));
};

interface Rules {
  readonly closesAtMs?: number;
  readonly closed?: boolean;
}

const parseRules = (text: string): Rules => JSON.parse(text) as Rules;

const isOpen = ({ closesAtMs, closed }: Rules, nowMs: number): boolean =>
  (closesAtMs === undefined || closesAtMs > nowMs) && closed !== true;

/** Filters of reservation lists: whose, and which of those. In the order of their placeholders. */
const owners = [['customer'], ['show'], ['customer', 'show']] as const;
const filters = [[], ['status'], ['reference'], ['status', 'reference']] as const;
type Filter = (typeof owners | typeof filters)[number][number];

const matches: Readonly<Record<Filter, (row: ReservationRow, values: Values, at: number) => boolean>> = {
  customer: (row, values, at) => row.customer_id === textAt(values, at),
  show: (row, values, at) => row.show_id === hexAt(values, at),
  status: (row, values, at) => row.status === textAt(values, at),
  reference: (row, values, at) => row.reference === textAt(values, at),
};

const ownRows = ({ reservations }: Tables, wanted: readonly Filter[], values: Values) =>
  wanted.includes('customer')
    ? reservations.group('customer', textAt(values, 0))
    : reservations.group('show', hexAt(values, 0));

const newestFirst = (a: ReservationRow, b: ReservationRow): number => (a.id > b.id ? -1 : 1);

const reservationsWith =
  (wanted: readonly Filter[]): Query =>
  ({ committed }, values) => {
    const first = wanted.filter((name) => name === 'customer' || name === 'show').length;
    const [before, from] = [hexAt(values, first), hexAt(values, first + 1)];
    return ownRows(committed, wanted, values)
      .filter((row) => wanted.every((name, n) => matches[name](row, values, n < first ? n : n + 2)))
      .filter(({ id }) => id < before && id >= from)
      .toSorted(newestFirst)
      .slice(0, numberAt(values, wanted.length + 2))
      .map(reservationOut);
  };

const endOf =
  (wanted: readonly Filter[]): Query =>
  ({ committed }, values) => {
    const before = hexAt(values, 1);
    const rows = ownRows(committed, wanted, values).filter(({ id }) => id < before);
    const [last] = rows.toSorted(newestFirst).slice(numberAt(values, 3));
    return last ? [{ id: binary(last.id) }] : [];
  };

const namesOf = (columns: Readonly<Record<string, { readonly name: string }>>): readonly string[] =>
  Object.values(columns).map(({ name }) => name);

const lists: readonly KnownQuery[] = owners.flatMap((owner) =>
  filters.map((filter) => ({
    name: 'list-reservations',
    sql: listReservations.sqlWith(...owner, ...filter),
    work: reservationsWith([...owner, ...filter]),
    columns: namesOf(reservationColumns),
  })),
);

const ends: readonly KnownQuery[] = (['customer', 'show'] as const).map((owner) => ({
  name: 'find-list-end',
  sql: findListEnd.sqlWith(owner),
  work: endOf([owner]),
  columns: ['id'],
}));

export const knownQueries: readonly KnownQuery[] = [
  ...lists,
  ...ends,
  {
    name: 'list-decisions-of-reservation',
    sql: listDecisionsOfReservation.sql,
    work: decisionsOfReservation,
    columns: namesOf(journalColumns),
  },
  {
    name: 'list-parked-of-request',
    sql: listParkedOfRequest.sql,
    work: parkedOfRequest,
    columns: namesOf(parkedItemColumns),
  },
  { name: 'find-setting', sql: findSetting.sql, work: setting, columns: ['value'] },
  { name: 'count-open-shows', sql: listOpenShows.sql, work: openShows, columns: ['id', 'open_shows'] },
];
