import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { Reservation } from '../../src/domain/reservation.ts';
import { requestIdIn } from '../../src/store/database/columns.ts';
import { journalEntryOf } from '../../src/store/rows/journal-row.ts';
import { ledgersOf } from '../../src/store/rows/ledger-row.ts';
import { reservationOf } from '../../src/store/rows/reservation-row.ts';
import { newMemoryDatabase } from '../simulation/memory-database.ts';
import { journalOut, ledgerRows, reservationOut } from '../simulation/memory-store/driver-rows.ts';
import { binary } from '../simulation/memory-store/parameters.ts';
import type { JournalRow, ReservationRow } from '../simulation/memory-store/tables.ts';
import { newCalmWire } from '../simulation/wire.ts';
import type { MemoryStore } from './memory-store.ts';

/** The production store over a database in memory: its tables are what the statements made of them. */
export const newDatabaseStore = (): MemoryStore => {
  const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: async () => {} };
  const database = newMemoryDatabase({ clock });
  const { journal, reservations, shows, parked } = database.tables;
  const { store } = database.connect({
    wire: newCalmWire(),
    clock,
    random: () => 0.5,
    role: 'projector',
    leaseTtlMs: 1_000,
  });
  const entryOf = once((row: JournalRow): JournalEntry => journalEntryOf(journalOut(row)));
  const asReservation = once((row: ReservationRow): Reservation => reservationOf(reservationOut(row)));
  return {
    store,
    tables: () => ({
      ledgers: new Map(ledgersOf(ledgerRows(database.tables, [...shows.all()]))),
      reservations: new Map([...reservations.all()].map(asReservation).map((it) => [it.id, it])),
    }),
    journal: () => [...journal.all()].map(entryOf),
    parked: () =>
      new Set(
        [...parked.all()].flatMap(({ request_id: id }) =>
          id === null ? [] : requestIdIn({ id: binary(id) }, 'id'),
        ),
      ),
  };
};

/** Rows are never changed in place, so each is parsed once. */
const once = <Row extends object, Value>(read: (row: Row) => Value): ((row: Row) => Value) => {
  const known = new WeakMap<Row, Value>();
  return (row) => {
    const value = known.get(row) ?? read(row);
    known.set(row, value);
    return value;
  };
};
