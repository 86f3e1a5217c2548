import { Buffer } from 'node:buffer';
import type { MySqlColumn } from 'drizzle-orm/mysql-core';
import fc from 'fast-check';
import type { ReservationId } from '../../src/domain/ids.ts';
import { readable, type SelectedRow, UnreadableValue } from '../../src/store/database/column-types.ts';
import type { Row } from '../../src/store/database/columns.ts';
import { bytesOf } from '../../src/store/database/parameters.ts';
import { newLookup, tryDecode } from '../../src/store/database/try-decode.ts';
import { historyItemOf, journalColumns } from '../../src/store/rows/journal-row.ts';
import { ledgersOf } from '../../src/store/rows/ledger-row.ts';
import { reservationColumns, reservationFrom, reservationOf } from '../../src/store/rows/reservation-row.ts';
import { reservationId, showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('rows with any value in any column');

const showRow = (n: number): Row => ({
  id: bytesOf(showId(n)),
  show_name: 'A show',
  revision: 1,
  opened_at_ms: '1',
  rules: '{"holdSeconds":60}',
  pool_id: Buffer.from('stalls'),
  name: 'Stalls',
  capacity: 9,
  target: null,
  held: 1,
  confirmed: 2,
  as_of_ms: '3',
});

const reservationRow = (n: number): Row => ({
  id: bytesOf(reservationId(n)),
  show_id: bytesOf(showId(1)),
  customer_id: Buffer.from('alice'),
  status: 'rejected',
  reason: 'sold-out',
  pool_id: Buffer.from('stalls'),
  line_list: '[["stalls",1]]',
  reference: null,
  requested_ms: '1',
  requested_seq: '0',
  decided_at_ms: '2',
  expires_at_ms: null,
  extended: 0,
  changed_at_ms: null,
  first_id: null,
});

const journalRow: Row = {
  position: '7',
  request_id: bytesOf(reservationId(1)),
  type: 'HoldExpired',
  show_id: bytesOf(showId(1)),
  stream_ms: '1',
  stream_seq: '0',
  decided_at_ms: '2',
  judged_at_ms: null,
  late: 0,
  data: '{}',
};

/** The values that a driver may return for a column that was edited by hand or whose meaning changed. */
const anyValue = fc.oneof(
  fc.constant(null),
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.json(),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    '{"queueSeconds":1}',
    '[["stalls",0]]',
    '[[]]',
    '{}',
    '[1]',
    'null',
    '18446744073709551615',
  ),
);

const spoiltIn = (row: Row) =>
  fc
    .record({ column: fc.constantFrom(...Object.keys(row).filter((name) => name !== 'id')), value: anyValue })
    .map(({ column, value }) => ({ ...row, [column]: value }));

test('a spoilt show is one show: its neighbours are what they were', () => {
  fc.assert(
    fc.property(spoiltIn(showRow(2)), (spoilt) => {
      const found = ledgersOf([showRow(1), spoilt, showRow(3)]);
      const [one, , three] = [1, 2, 3].map((n) => ledgersOf([showRow(n)]).get(showId(n)));
      assert.equal([found.get(showId(1)), found.get(showId(3))], [one, three]);
      assert.is(Number(found.has(showId(2))) + found.unreadable.size, 1);
      for (const why of found.unreadable.values()) assert.match(why, new RegExp(`^show ${showId(2)}: .`));
    }),
    { numRuns: 2_000 },
  );
});

test('a spoilt reservation is one reservation', () => {
  const decoded = (row: Row, id: ReservationId) =>
    [id, tryDecode(`reservation ${id}`, () => [id, reservationOf(row)] as const)] as const;
  fc.assert(
    fc.property(spoiltIn(reservationRow(2)), (spoilt) => {
      const found = newLookup([
        decoded(reservationRow(1), reservationId(1)),
        decoded(spoilt, reservationId(2)),
        decoded(reservationRow(3), reservationId(3)),
      ]);
      assert.equal([found.has(reservationId(1)), found.has(reservationId(3))], [true, true]);
      assert.is(Number(found.has(reservationId(2))) + found.unreadable.size, 1);
    }),
    { numRuns: 2_000 },
  );
});

/** The row as the library decodes it. */
const newSelected = <Columns extends Readonly<Record<string, MySqlColumn>>>(
  columns: Columns,
  row: Row,
): SelectedRow<Columns> =>
  Object.fromEntries(
    Object.entries(columns).map(([key, column]) => {
      const value = row[column.name];
      return [key, value === null ? null : column.mapFromDriverValue(value)];
    }),
  ) as SelectedRow<Columns>;

test('a column that cannot be read is a value, so that the rows beside it are decoded all the same', () => {
  fc.assert(
    fc.property(spoiltIn(reservationRow(2)), (spoilt) => {
      const row = newSelected(reservationColumns, spoilt);
      const unreadable = Object.values(row).filter((value) => value instanceof UnreadableValue);
      const decoded = tryDecode('a reservation', () => reservationFrom(readable(row)));
      assert.is(decoded.type, unreadable.length > 0 ? 'unreadable' : 'read');
    }),
    { numRuns: 2_000 },
  );
});

test('a decision of a newer build has its place in a history', () => {
  fc.assert(
    fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), (type, data) => {
      const item = historyItemOf(newSelected(journalColumns, { ...journalRow, type, data }));
      assert.is(item.type === 'unreadable' && item.position, 7);
    }),
    { numRuns: 500 },
  );
});
