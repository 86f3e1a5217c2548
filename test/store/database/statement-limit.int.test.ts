import { waitUntil } from '../../../infra/local/wait-until.ts';
import { asError, tookTooLong } from '../../../src/store/database/database-error.ts';
import { readWithRetry } from '../../../src/store/database/read-with-retry.ts';
import { openSession, type Session } from '../../../src/store/database/session.ts';
import type { Sessions } from '../../../src/store/database/session-pool.ts';
import { createDatabase, type Database } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('a statement that nobody waits for any more', { timeoutMs: 60_000 });

const limits = { connectMs: 2_500, queryMs: 5_000, silenceMs: 60_000, lockWaitMs: 1_000 };

let database: Database;
let admin: Session;

test.before(async () => {
  database = await createDatabase();
  admin = await openSession(database.url, { ...limits, queryMs: 60_000 });
  await admin.run('CREATE TABLE locked_for_ever (id INT PRIMARY KEY)');
  await admin.run('LOCK TABLES locked_for_ever WRITE');
});

test.after(async () => {
  admin.destroy();
  await database.drop();
});

const endless = 'SELECT * FROM locked_for_ever';

const running = async (): Promise<number> => {
  const [row] = await admin.rows(
    'SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info = ? AND id <> CONNECTION_ID()',
    [endless],
  );
  return Number(row?.['n']);
};

test('ends in the server as well, however long it would have taken, and its session goes on', async () => {
  const session = await openSession(database.url, limits);
  let lent = 0;
  const sessions: Sessions = {
    borrow: async () => {
      lent += 1;
      return session;
    },
    release: () => undefined,
    destroy: () => undefined,
    open: async () => session,
    close: async () => undefined,
  };
  try {
    const ended = await readWithRetry(sessions, (each) => each.rows(endless)).catch(asError);
    assert.ok(tookTooLong(ended), String(ended));
    assert.is(lent, 1, 'nobody asks for the same again');
    assert.ok(await waitUntil(async () => (await running()) === 0, { limitMs: 20_000, everyMs: 50 }));
    assert.equal((await session.rows('SELECT 1 AS one')).length, 1);
  } finally {
    session.destroy();
  }
});
