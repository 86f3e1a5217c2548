import type { Tables } from './tables.ts';

/** All committed rows at this moment. Rows are never changed in place, so they are shared. */
export const copyTables = (tables: Tables) => ({
  partitions: tables.partitions.copy(),
  settings: tables.settings.copy(),
  journal: tables.journal.copy(),
  shows: tables.shows.copy(),
  pools: tables.pools.copy(),
  reservations: tables.reservations.copy(),
  reservationDecisions: tables.reservationDecisions.copy(),
  holds: tables.holds.copy(),
  requestKeys: tables.requestKeys.copy(),
  parked: tables.parked.copy(),
});

export type TablesCopy = ReturnType<typeof copyTables>;

export const loadTables = (tables: Tables, copy: TablesCopy): void => {
  tables.partitions.load(copy.partitions);
  tables.settings.load(copy.settings);
  tables.journal.load(copy.journal);
  tables.shows.load(copy.shows);
  tables.pools.load(copy.pools);
  tables.reservations.load(copy.reservations);
  tables.reservationDecisions.load(copy.reservationDecisions);
  tables.holds.load(copy.holds);
  tables.requestKeys.load(copy.requestKeys);
  tables.parked.load(copy.parked);
};
