import type { Row } from '../../../src/store/database/columns.ts';
import { binary, binaryOrNull } from './parameters.ts';
import type { JournalRow, PoolRow, ReservationRow, ShowRow, Tables } from './tables.ts';

/** Rows as the driver gives them: BINARY as Buffer. */

export const journalOut = (row: JournalRow): Row => ({
  ...row,
  request_id: binaryOrNull(row.request_id),
  show_id: binaryOrNull(row.show_id),
});

export const reservationOut = (row: ReservationRow): Row => ({
  ...row,
  id: binary(row.id),
  show_id: binary(row.show_id),
  first_id: binaryOrNull(row.first_id),
});

/** The columns of a LEFT JOIN without a match. */
export const nothingOf = (...columns: readonly string[]): Row =>
  Object.fromEntries(columns.map((column) => [column, null]));

const poolOut = (show: ShowRow, pool: PoolRow | Row): Row => ({
  ...pool,
  id: binary(show.id),
  show_name: show.name,
  revision: show.revision,
  opened_at_ms: show.opened_at_ms,
  rules: show.rules,
});

const noPool = nothingOf('pool_id');

/** One row per pool; a show's pools are adjacent and in their order. */
export const ledgerRows = ({ pools }: Tables, shows: readonly ShowRow[]): readonly Row[] =>
  shows.flatMap((show) => {
    const own = pools.group('show', show.id).toSorted((a, b) => a.ordinal - b.ordinal);
    return own.length > 0 ? own.map((pool) => poolOut(show, pool)) : [poolOut(show, noPool)];
  });
