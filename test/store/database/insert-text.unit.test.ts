import fc from 'fast-check';
import { DataRefused } from '../../../src/store/database/database-error.ts';
import { rowsText } from '../../../src/store/database/insert-text.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('the text of rows that are inserted');

const sql = 'INSERT INTO t (held, a, b, c)\nVALUES (0, :number, :hex,\n  :text)';
const textOnly = 'INSERT INTO t (c) VALUES (:text)';
const of = (...row: readonly unknown[]): string => rowsText(sql, [row]).slice(sql.indexOf('('));

test('one statement says any number of rows, each as its statement has it', () => {
  const rows = [
    [1, 'ab', 'x'],
    [2, '', ''],
  ];
  assert.is(
    rowsText(sql, rows),
    "INSERT INTO t (held, a, b, c)\nVALUES (0, 1, x'ab',\n  'x'),(0, 2, x'',\n  '')",
  );
});

test('what a statement says behind its row comes behind the last one', () => {
  const upsert = 'INSERT INTO t (a) VALUES (:number) ON DUPLICATE KEY UPDATE a = VALUES(a)';
  assert.is(
    rowsText(upsert, [[1], [2]]),
    'INSERT INTO t (a) VALUES (1),(2) ON DUPLICATE KEY UPDATE a = VALUES(a)',
  );
});

test('null and what is absent are NULL, whatever the column', () => {
  assert.match(of(null, undefined, null), '(0, NULL, NULL,\n  NULL)');
});

test('a column that may be left out is, where no row has a value for it', () => {
  const optional = 'INSERT INTO t\n  (a, b, c, d)\nVALUES (:number, :hex?, :text?,\n  :number)';
  const text = (...rows: readonly (readonly unknown[])[]): string => rowsText(optional, rows);
  assert.is(text([1, 'ab', 'x', 2]), "INSERT INTO t\n  (a, b, c, d)\nVALUES (1, x'ab', 'x',\n  2)");
  assert.is(
    text([1, null, '', 2], [3, undefined, null, 4]),
    "INSERT INTO t\n  (a, c, d)\nVALUES (1, '',\n  2),(3, NULL,\n  4)",
  );
  assert.is(
    text([1, null, undefined, 0], [3, null, null, 4]),
    'INSERT INTO t\n  (a, d)\nVALUES (1,\n  0),(3,\n  4)',
  );
  assert.throws(() => text([1, null, 2]), /3 values for 4 slots/);
});

test('64 bits travel as decimal text', () => {
  assert.match(of('18446744073709551615', 'ab', ''), '18446744073709551615');
  assert.match(of(-7, 'ab', ''), '(0, -7,');
});

test('a text that is more than harmless is hex, so that no server reads it as anything else', () => {
  for (const text of ["'", '\\', "x') -- ", "\\'", '\0', '\n', '\x7f', 'é', '서울', '🎟', '\u2028', 'a\u0301'])
    assert.is(
      rowsText(textOnly, [[text]]),
      `INSERT INTO t (c) VALUES (_utf8mb4 x'${Buffer.from(text).toString('hex')}')`,
    );
});

test('whatever a text is, between its quotes there is neither a quote nor a backslash', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const literal = rowsText(textOnly, [[text]]).slice('INSERT INTO t (c) VALUES ('.length, -1);
      assert.match(literal, /^(?:_utf8mb4 x)?'[^'\\]*'$/);
    }),
  );
});

test('what does not fit is refused as data, before anything is said', () => {
  for (const row of [
    [1.5, 'ab', ''],
    [Number.NaN, 'ab', ''],
    ['1; DROP TABLE t', 'ab', ''],
    ['', 'ab', ''],
    [1, 'abc', ''],
    [1, "ab' OR '", ''],
    [1, 'AB', ''],
    [1, 7, ''],
    [1, 'ab', 7],
    [1, 'ab', 'half a pair \ud83c'],
  ])
    assert.throws(
      () => of(...row),
      (error: unknown) => error instanceof DataRefused,
      JSON.stringify(row),
    );
});

test('a row of another length, and a statement without a row, are our own mistakes', () => {
  assert.throws(() => of(1, 'ab'), /2 values for 3 slots/);
  assert.throws(() => rowsText('INSERT INTO t (a) VALUES (?)', [[1]]), /placeholder/);
  assert.throws(() => rowsText('INSERT INTO t (a) VALUES (:blob)', [[1]]), /placeholder/);
  assert.throws(() => rowsText('INSERT INTO t (a, b) VALUES (:text, 0)', [[1]]), /placeholder/);
  assert.throws(() => rowsText('INSERT INTO t (a, b) VALUES (:text?, :text)', [[1, 2]]), /first placeholder/);
  assert.throws(
    () => rowsText('INSERT INTO t (a, b, c) VALUES (:text, 0, :text?)', [[1, 2]]),
    /nothing else/,
  );
  assert.throws(() => rowsText('DELETE FROM t', [[1]]), /placeholder/);
});
