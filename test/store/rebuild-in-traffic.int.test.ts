import { createConnection } from 'mysql2/promise';
import { patience, waitUntil } from '../../infra/local/wait-until.ts';
import { assert, suite } from '../support/suite.ts';
import { once, startTcpProxy } from '../support/tcp-proxy.ts';
import { openRebuildWorld, type RebuildWorld } from './rebuild-world.ts';
import { confirmed, lineOf, newId, type Owner, opening } from './story.ts';

const test = suite('store: rebuilding the tables while they are written', { timeoutMs: 40_000 });

let world: RebuildWorld;
test.before.each(async () => {
  world = await openRebuildWorld();
});
test.after.each(() => world.close());

const isWaiting = async (): Promise<boolean> =>
  (await world.rows("SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")).length > 0;

test('a batch that comes while the tables are switched waits, and is in the new ones', async () => {
  const { owner, show } = world;
  const before = await world.taken();
  let verdict: ReturnType<Owner['commit']> | undefined;
  let waited = false;
  await world.rebuild({
    report: async ({ type }) => {
      if (type !== 'switching') return;
      let ended = false;
      verdict = owner.commit([confirmed(show, [lineOf('a', 1)])]).finally(() => {
        ended = true;
      });
      // InnoDB refreshes this table only when it was not read for 0.1 s.
      await waitUntil(async () => ended || (await isWaiting()), { limitMs: 1_000, everyMs: 120 });
      waited = !ended;
    },
  });
  assert.ok(waited, 'it waited');
  assert.equal(await verdict, { type: 'committed' });
  assert.is(await world.taken(), before + 1);
  assert.is((await world.rebuild({ dryRun: true })).differences.count, 0);
});

test('what is committed after the last comparison and before the switch is in the new tables', async () => {
  const { owner, show } = world;
  const before = await world.taken();
  const { differences } = await world.rebuild({
    report: async ({ type }) => {
      if (type === 'compared' || type === 'locking')
        assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'committed' });
    },
  });
  assert.is(await world.taken(), before + 2);
  assert.is(differences.count, 0);
  assert.is((await world.rebuild({ dryRun: true })).differences.count, 0);
});

/** Kills the connection that holds the locks on the partitions' rows. */
const killHolder = async (): Promise<void> => {
  const [holder] = await world.rows(
    'SELECT trx_mysql_thread_id AS id FROM information_schema.innodb_trx WHERE trx_rows_locked > 0',
  );
  await world.sql.query(`KILL ${holder?.['id']}`);
};

test('when the rows are lost just before the switch, nothing is switched until they are held again', async () => {
  const { owner, show } = world;
  const before = await world.taken();
  let tries = 0;
  await world.rebuild({
    report: async ({ type }) => {
      if (type !== 'switching') return;
      tries += 1;
      if (tries > 1) return;
      await killHolder();
      assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'committed' });
    },
  });
  assert.is(tries, 2);
  assert.is(await world.taken(), before + 1);
  assert.is((await world.rebuild({ dryRun: true })).differences.count, 0);
});

test('a rebuild that freezes while it holds the partitions stops the sale for about two seconds, and loses nothing', async () => {
  const { owner, show } = world;
  const before = await world.taken();
  let tries = 0;
  let waitedMs = 0;
  await world.rebuild({
    report: async ({ type }) => {
      if (type !== 'switching') return;
      tries += 1;
      if (tries > 1) return;
      const beganMs = performance.now();
      assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'committed' });
      waitedMs = performance.now() - beganMs;
    },
  });
  assert.ok(waitedMs > 500 && waitedMs < 4_500 * patience(), `${waitedMs} ms`);
  assert.is(await world.taken(), before + 1);
  assert.is((await world.rebuild({ dryRun: true })).differences.count, 0);
});

for (const [treatment, switched] of [
  ['cut-after', true],
  ['cut-before', false],
] as const) {
  test(`a renaming whose connection breaks (${treatment}) is found out, and no write is missed`, async () => {
    const { owner, show } = world;
    const before = await world.taken();
    const proxy = await startTcpProxy(world.url);
    proxy.treat = once('RENAME TABLE', treatment);
    const rebuilt = await world.rebuild({ url: proxy.url }).catch(String);
    await proxy.close();
    assert.is(typeof rebuilt === 'object' && rebuilt.switched, switched, String(rebuilt));
    assert.equal(await world.leftOver(), []);
    assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'committed' });
    assert.is(await world.taken(), before + 1);
    assert.is((await world.rebuild({ dryRun: true })).differences.count, 0);
  });
}

test('while somebody else has the tables in use it lets the sale go on and tries again', async () => {
  const { owner, show } = world;
  const backup = await createConnection(world.url);
  await backup.query('START TRANSACTION');
  await backup.query('SELECT * FROM reservations LIMIT 1');
  let tries = 0;
  await world.rebuild({
    report: async ({ type }) => {
      if (type !== 'locking') return;
      tries += 1;
      if (tries === 1) return;
      assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'committed' });
      backup.destroy();
    },
  });
  assert.ok(tries > 1, `${tries} tries`);
  assert.is((await world.rebuild({ dryRun: true })).differences.count, 0);
});

for (const stage of ['replaying', 'comparing', 'compared', 'locking', 'holding', 'switching'] as const) {
  test(`cancelled while ${stage}, it leaves everything as it was`, async () => {
    const { owner, show } = world;
    await owner.commit([opening(newId(1), { hall: 5 })]);
    for (let n = 0; n < 600; n += 200)
      await owner.commit(Array.from({ length: 200 }, () => confirmed(show, [lineOf('c', 0)])));
    await world.damage();
    const before = await world.dump();
    const cancel = new AbortController();
    const rebuilt = await world
      .rebuild({
        signal: cancel.signal,
        report: ({ type }) => {
          if (type === stage) cancel.abort();
        },
      })
      .catch((error: unknown) => String(error));
    assert.match(String(rebuilt), 'AbortError');
    assert.equal(await world.dump(), before);
    assert.equal(await world.leftOver(), []);
    assert.equal(await owner.commit([confirmed(show, [lineOf('c', 1)])]), { type: 'committed' });
  });
}
