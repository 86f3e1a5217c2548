import type { JournalEntry } from '../../../src/domain/decisions.ts';
import { rowValuesIn, textOf } from '../../../src/store/database/insert-text.ts';
import { type Insertion, prepare, rowsOf } from '../../../src/store/write/prepared-inserts.ts';
import type { PartitionDecisions } from '../../../src/store/write/write-rows.ts';
import { assert, suite } from '../../support/suite.ts';
import { confirmed, entryAt, lineOf, newId } from '../story.ts';

const test = suite('rows that are made before their turn');

const sql = 'INSERT INTO t (position, partition_id) VALUES (:number, :number)';
const elsewhere = 'INSERT INTO other (position, partition_id) VALUES (:number, :number)';

/** An insertion that counts how often its rows are made. */
const newInsertion = (): Insertion<PartitionDecisions> & { readonly made: () => number } => {
  let made = 0;
  return {
    sql,
    values: ({ entries }) => {
      made += 1;
      return entries.map(({ position }) => [position]);
    },
    made: () => made,
  };
};

const entriesAt = (...positions: readonly number[]): readonly JournalEntry[] =>
  positions.map((position) => entryAt(position, confirmed(newId(3), [lineOf('a', 1)])));

const two: PartitionDecisions = { partition: 3, entries: entriesAt(1, 2) };
const one: PartitionDecisions = { partition: 4, entries: entriesAt(7) };
const twoText = 'INSERT INTO t (position, partition_id) VALUES (1, 3),(2, 3)';

test('their text is what it would be without, and is not made again', () => {
  const insertion = newInsertion();
  prepare(insertion, two);
  assert.is(insertion.made(), 1);
  assert.is(textOf(sql, rowsOf(insertion, [two])), twoText);
  assert.is(insertion.made(), 1);
  assert.is(textOf(sql, rowsOf(newInsertion(), [two])), twoText);
});

test('whoever wants the rows themselves has them made', () => {
  const insertion = newInsertion();
  prepare(insertion, two);
  assert.equal(rowValuesIn(rowsOf(insertion, [two])), [
    [1, 3],
    [2, 3],
  ]);
});

test('another statement than they were made for says them in its own words', () => {
  const insertion = newInsertion();
  prepare(insertion, two);
  assert.is(
    textOf(elsewhere, rowsOf(insertion, [two])),
    'INSERT INTO other (position, partition_id) VALUES (1, 3),(2, 3)',
  );
});

test('rows of several partitions are put together from all of them', () => {
  const insertion = newInsertion();
  prepare(insertion, two);
  prepare(insertion, one);
  assert.is(textOf(sql, rowsOf(insertion, [two, one])), `${twoText},(7, 4)`);
});

test('entries that have no row are no statement', () => {
  const none: Insertion<PartitionDecisions> = { sql, values: () => [] };
  prepare(none, two);
  assert.equal(rowsOf(none, [two]), []);
});
