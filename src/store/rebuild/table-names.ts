import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import { holds, pools, requestKeys, reservationDecisions, reservations, shows } from '../schema.ts';

/** A table that the journal alone can rebuild. */
export interface ReadTable {
  readonly name: string;
  /** What a row of the table belongs to. */
  readonly subject: 'show' | 'reservation' | 'request key';
  /**
   * The first column of the table's primary key, 16 bytes. Rows with the same key are written and compared
   * together.
   */
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

/** The name of the new table while it is filled. */
export const shadowName = (name: string): string => `${name}_rebuild`;

/** The name of the former table from the switch until it is dropped. */
export const formerName = (name: string): string => `${name}_before`;
