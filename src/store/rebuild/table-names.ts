import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import { holds, pools, requestKeys, reservationDecisions, reservations, shows } from '../schema.ts';

/** A table that the journal alone can rebuild. */
export interface ReadTable {
  readonly name: string;
  /** What one of its rows belongs to. */
  readonly subject: 'show' | 'reservation' | 'request key';
  /** The first column of its primary key, 16 bytes: rows of one key are written and compared together. */
  readonly key: string;
  readonly columns: readonly string[];
}

const readTable = (table: Table, subject: ReadTable['subject'], key: string): ReadTable => ({
  name: getTableName(table),
  subject,
  key,
  columns: Object.values(getTableColumns(table)).map(({ name }) => name),
});

export const readTables: readonly ReadTable[] = [
  readTable(shows, 'show', 'id'),
  readTable(pools, 'show', 'show_id'),
  readTable(reservations, 'reservation', 'id'),
  readTable(holds, 'reservation', 'reservation_id'),
  readTable(reservationDecisions, 'reservation', 'reservation_id'),
  readTable(requestKeys, 'request key', 'key_hash'),
];

/** The table being filled beside the live one. */
export const shadowName = (name: string): string => `${name}_rebuild`;

/** What the live one is called between the switch and its end. */
export const formerName = (name: string): string => `${name}_before`;
