import { limitOf } from '../../../src/shared/wait-limit.ts';
import { sessionLimits } from '../../../src/store/database/session-limits.ts';
import { newSessions } from '../../../src/store/database/session-pool.ts';
import { createDatabase, type Database } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { openMigratedStore } from '../open-test-store.ts';
import { confirmed, lineOf, newId, newOwner, opening } from '../story.ts';

const test = suite('store: a server that hangs up on nobody', { timeoutMs: 40_000 });

const probe = { everyMs: 200, reconnectMs: 60_000 };

let database: Database;
let proxy: TcpProxy;

test.before(async () => {
  database = await createDatabase();
  proxy = await startTcpProxy(database.url);
});

test.after(async () => {
  await proxy.close();
  await database.drop();
});

test('what was asked on a connection that leads nowhere any more fails long before its time is over, and is done on another', async () => {
  const store = await openMigratedStore(proxy.url, { probe, leaseTtlMs: 30_000 });
  const owner = await newOwner(store.partitionStore, 1);
  const show = newId(1);
  await owner.commit([opening(show, { a: 5 })]);
  proxy.strand();
  const verdict = await owner.commit([confirmed(show, [lineOf('a', 2)])]);
  assert.is(verdict.type, 'retry');
  assert.match(
    verdict.type === 'retry' ? verdict.error.message : '',
    'given up before the database answered',
  );
  assert.equal(await owner.commit([confirmed(show, [lineOf('a', 2)])]), { type: 'committed' });
  await store.close();
});

test('each answer tells those who wait for the server that it is not silent, an error that it reports as well', async () => {
  let answers = 0;
  const silence = { ...limitOf(1_000), heard: () => (answers += 1) };
  const limits = sessionLimits({ role: 'api', leaseTtlMs: 3_000 });
  const pool = newSessions({ url: proxy.url, limits, size: 1, waitMs: 1_000, silence, waitersMax: 1 });
  const session = await pool.borrow();
  const before = answers;
  await session.rows('SELECT 1');
  assert.is(answers, before + 1);
  await session.rows('SELECT nothing').catch(() => undefined);
  assert.is(answers, before + 2);
  const cut = session.rows('SELECT SLEEP(60)').catch(() => undefined);
  pool.destroy(session);
  await cut;
  assert.is(answers, before + 2);
  await pool.close();
});

test('a question that takes its time is answered: the server is at work on it', async () => {
  const limits = sessionLimits({ role: 'projector', leaseTtlMs: 3_000 });
  const pool = newSessions({ url: proxy.url, limits, probe, size: 1, waitMs: 1_000, waitersMax: 1 });
  const session = await pool.borrow();
  assert.equal(await session.rows('SELECT SLEEP(4) AS slept'), [{ slept: 0 }]);
  pool.release(session);
  await pool.close();
});
