import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { migrate } from '../../../src/store/setup/migrate.ts';
import { createDatabase, type Database } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { once, startTcpProxy, type Treatment } from '../../support/tcp-proxy.ts';
import { logger, openTestStore } from '../open-test-store.ts';

const test = suite('store: migrations');

const first = 'CREATE TABLE one (n INT);\n--> statement-breakpoint\nCREATE TABLE two (n INT);';
const second = 'ALTER TABLE two ADD COLUMN m INT;--> statement-breakpoint\nCREATE INDEX two_m ON two (m);';

let database: Database;
let dir: string;
test.before.each(async () => {
  database = await createDatabase();
  dir = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(dir, '0000_first.sql'), first);
  writeFileSync(join(dir, '0001_second.sql'), second);
});
test.after.each(async () => {
  await database.drop();
  rmSync(dir, { recursive: true });
});

const migrateOver = (url: string): Promise<number> => migrate({ url, logger, dir });

const messageOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const columnsOfTwo = async (): Promise<number> => {
  const connection = await createConnection(database.url);
  const [rows] = await connection.query('SHOW COLUMNS FROM two');
  await connection.end();
  return Array.isArray(rows) ? rows.length : 0;
};

test('run once, they are done; run again, there is nothing to do', async () => {
  assert.is(await migrateOver(database.url), 4);
  assert.is(await migrateOver(database.url), 0);
});

for (const treatment of ['cut-before', 'cut-after'] as const satisfies readonly Treatment[]) {
  for (const statement of ['CREATE TABLE two', 'ADD COLUMN', 'CREATE INDEX', 'SET done']) {
    test(`broken off at "${statement}" (${treatment}), they go on where they stopped`, async () => {
      const proxy = await startTcpProxy(database.url);
      proxy.treat = once(statement, treatment);
      await messageOf(migrateOver(proxy.url));
      await proxy.close();
      await migrateOver(database.url);
      assert.is(await columnsOfTwo(), 2);
      assert.is(await migrateOver(database.url), 0);
    });
  }
}

test('processes that migrate at the same time do it once', async () => {
  const counts = await Promise.all(Array.from({ length: 5 }, () => migrateOver(database.url)));
  assert.is(
    counts.reduce((sum, count) => sum + count),
    4,
  );
});

test('a file that was changed after it was applied is refused by its name', async () => {
  await migrateOver(database.url);
  writeFileSync(join(dir, '0000_first.sql'), `${first}\n`);
  assert.match(await messageOf(migrateOver(database.url)), '0000_first.sql is not the file that was applied');
});

test('a table that was there before is not taken for ours', async () => {
  const connection = await createConnection(database.url);
  await connection.query('CREATE TABLE one (other INT)');
  await connection.end();
  assert.match(await messageOf(migrateOver(database.url)), /0000_first.sql, statement 1: .*already exists/);
});

test('what a newer build added does not disturb an older one', async () => {
  await migrateOver(database.url);
  rmSync(join(dir, '0001_second.sql'));
  assert.is(await migrateOver(database.url), 0);
});

test('a role is told to migrate until it was done, and after the next file came', async () => {
  const store = await openTestStore(database.url);
  assert.match(await messageOf(store.checkSchema()), 'database schema is behind');
  await store.migrate();
  await store.checkSchema();
  await store.close();
});

test('the tables do not depend on the character set of the database', async () => {
  const connection = await createConnection(database.url);
  await connection.query('ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci');
  const store = await openTestStore(database.url);
  await store.migrate();
  const [rows] = await connection.query(
    "SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND character_set_name = 'latin1'",
  );
  assert.equal(rows, []);
  await store.close();
  await connection.end();
});

test('the files of the source tree are found', async () => {
  cpSync(new URL('../../../infra/migrations/', import.meta.url), dir, { recursive: true });
  const store = await openTestStore(database.url);
  assert.ok((await store.migrate()) > 5);
  await store.close();
});
