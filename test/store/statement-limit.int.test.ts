import { waitUntil } from '../../infra/local/wait-until.ts';
import { openSession, type Session } from '../../src/store/session.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a statement that nobody waits for any more');

const limits = { connectMs: 2_500, queryMs: 500, silenceMs: 60_000, lockWaitMs: 1_000 };

let database: Database;
let admin: Session;

test.before(async () => {
  database = await createDatabase();
  admin = await openSession(database.url, { ...limits, queryMs: 10_000 });
});

test.after(async () => {
  admin.destroy();
  await database.drop();
});

const running = async (): Promise<number> => {
  const [row] = await admin.rows(
    "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE '%BENCHMARK(2000000000%' AND id <> CONNECTION_ID()",
  );
  return Number(row?.['n']);
};

test('ends in the server as well, however long it would have taken', async () => {
  const session = await openSession(database.url, limits);
  const asked = session.rows("SELECT BENCHMARK(2000000000, SHA2('x', 512))").then(
    () => 'answered',
    () => 'given up',
  );
  assert.ok(await waitUntil(async () => (await running()) === 1, { limitMs: 20_000, everyMs: 50 }));
  assert.is(await asked, 'given up');
  assert.ok(await waitUntil(async () => (await running()) === 0, { limitMs: 20_000, everyMs: 50 }));
});
