import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { bytesIn, textIn } from '../../../src/store/database/columns.ts';
import { openSession, type Session } from '../../../src/store/database/session.ts';
import { createDatabase, type Database } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('rows that are inserted, as the server has them');

const limits = { connectMs: 10_000, queryMs: 60_000, silenceMs: 60_000, lockWaitMs: 10_000 };
const insert = 'INSERT INTO said (line, word, bytes) VALUES (:number, :text, :text)';

let database: Database;
let session: Session;
test.before(async () => {
  database = await createDatabase();
  session = await openSession(database.url, limits);
  await session.run(
    'CREATE TABLE said (line INT PRIMARY KEY, word TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, bytes VARBINARY(400))',
  );
});
test.before.each(() => session.run('DELETE FROM said'));
test.after(async () => {
  session.destroy();
  await database.drop();
});

/** Asserts that the texts come back unchanged, from a column of text and from one of bytes. */
const comeBack = async (texts: readonly string[]): Promise<void> => {
  await session.run('DELETE FROM said');
  assert.is(
    await session.insert(
      insert,
      texts.map((text, line) => [line, text, text]),
    ),
    texts.length,
  );
  const rows = await session.rows('SELECT word, bytes FROM said ORDER BY line');
  assert.equal(
    rows.map((row) => textIn(row, 'word')),
    texts,
  );
  assert.equal(
    rows.map((row) => bytesIn(row, 'bytes').toString('utf8')),
    texts,
  );
};

const hostile = [
  "'",
  "''",
  '\\',
  "\\'",
  "'); DROP TABLE said; -- ",
  '?',
  ':text',
  '%_',
  '\0',
  '\x1a',
  '서울',
  '🎟',
  ' a ',
];

test('every text comes back as it was', async () => {
  await comeBack(hostile);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { minLength: 1 }), comeBack),
    { numRuns: 50 },
  );
});

test('whatever the server takes for a quote or an escape', async () => {
  for (const mode of ['ANSI_QUOTES', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES']) {
    await session.run(`SET SESSION sql_mode = 'STRICT_ALL_TABLES,${mode}'`);
    await comeBack(hostile);
  }
});

test('what is too long for its column is refused, not cut', async () => {
  const failed = await session.insert(insert, [[1, 'x', Buffer.alloc(401, 'y').toString()]]).then(
    () => 'it was cut',
    (error: Error) => error.message,
  );
  assert.match(failed, /Data too long/);
  assert.equal(await session.rows('SELECT line FROM said'), []);
});
