import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { once, startTcpProxy } from '../support/tcp-proxy.ts';
import { claimFor } from './claim-for.ts';
import { openMigratedStore } from './open-test-store.ts';
import { batchOf, confirmed, lineOf, newId, newOwner, newSeller, opening } from './story.ts';
import { together } from './together.ts';

const test = suite('store: connections that break in the middle of a commit');

let database: Database;
test.before(async () => {
  database = await createDatabase();
  await (await openMigratedStore(database.url)).close();
});
test.after(() => database.drop());

const withProxy = async (
  body: (
    store: Awaited<ReturnType<typeof openMigratedStore>>,
    proxy: Awaited<ReturnType<typeof startTcpProxy>>,
  ) => Promise<void>,
): Promise<void> => {
  const proxy = await startTcpProxy(database.url);
  const store = await openMigratedStore(proxy.url);
  try {
    await body(store, proxy);
  } finally {
    await store.close();
    await proxy.close();
  }
};

test('a commit that was applied and whose reply was lost is committed, once', () =>
  withProxy(async ({ partitionStore: store }, proxy) => {
    const owner = await newOwner(store, 1);
    const show = newId(1);
    await owner.commit([opening(show, { a: 5 })]);
    proxy.treat = once('COMMIT', 'cut-after');
    assert.equal(await owner.commit([confirmed(show, [lineOf('a', 2)])]), { type: 'committed' });
    assert.equal(await owner.commit([confirmed(show, [lineOf('a', 1)])]), { type: 'committed' });
    assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, 3);
  }));

test('a commit that never arrived is worth another try, and the try succeeds', () =>
  withProxy(async ({ partitionStore: store }, proxy) => {
    const owner = await newOwner(store, 2);
    const show = newId(2);
    const batch = batchOf(owner.standing, [opening(show, { a: 5 }), confirmed(show, [lineOf('a', 2)])]);
    proxy.treat = once('COMMIT', 'cut-before');
    assert.is((await store.commit(batch)).type, 'retry');
    assert.equal(await store.ledgers([show]), new Map());
    assert.equal(await store.commit(batch), { type: 'committed' });
    assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, 2);
  }));

for (const [what, treatment, verdict, sold, partitions] of [
  ['was applied', 'cut-after', 'committed', 1, [30, 31]],
  ['never arrived', 'cut-before', 'retry', 0, [40, 41]],
] as const)
  test(`one commit for several partitions that ${what} and had no reply is found out for each`, () =>
    withProxy(async ({ partitionStore }, proxy) => {
      const store = together(partitionStore);
      const sellers = await Promise.all(partitions.map((partition) => newSeller(store, partition)));
      proxy.treat = once('COMMIT', treatment);
      const verdicts = await Promise.all(sellers.map(({ sell }) => sell()));
      assert.equal(
        verdicts.map(({ type }) => type),
        [verdict, verdict],
      );
      assert.equal(await Promise.all(sellers.map((seller) => seller.sold())), [sold, sold]);
    }));

test('a commit that was applied, then another claim: fenced, whoever asks', () =>
  withProxy(async ({ partitionStore: store }, proxy) => {
    const owner = await newOwner(store, 3);
    const batch = batchOf(owner.standing, [opening(newId(3), { a: 5 })]);
    const other = await openMigratedStore(database.url);
    let claimed: Promise<unknown> | undefined;
    const cut = once('COMMIT', 'cut-after');
    proxy.treat = (packet) => {
      const treatment = cut(packet);
      // The claim waits for the row lock of the batch. It is granted when the batch commits, before the owner
      // can read the row.
      if (treatment === 'cut-after') claimed = claimFor(other.partitionStore, 3, 'successor');
      // The owner's new connection waits until the successor has claimed.
      return treatment;
    };
    const verdict = await store.commit(batch);
    await claimed;
    assert.ok(verdict.type === 'committed' || verdict.type === 'fenced');
    assert.equal(await store.commit(batch), { type: 'fenced' });
    await other.close();
  }));

test('a batch that was applied is fenced when it is tried again', () =>
  withProxy(async ({ partitionStore: store }) => {
    const { standing } = await newOwner(store, 4);
    const batch = batchOf(standing, [opening(newId(4), { a: 5 })]);
    assert.equal(await store.commit(batch), { type: 'committed' });
    assert.equal(await store.commit(batch), { type: 'fenced' });
  }));

for (const [what, text] of [
  ['before the transaction', 'START TRANSACTION'],
  ['in the middle of the transaction', 'ReservationConfirmed'],
] as const) {
  test(`a connection that breaks ${what} is worth another try`, () =>
    withProxy(async ({ partitionStore: store }, proxy) => {
      const partition = text.length;
      const owner = await newOwner(store, partition);
      const show = newId(partition);
      const decisions = [opening(show, { a: 5 }), confirmed(show, [lineOf('a', 2)])];
      proxy.treat = once(text, 'cut-after');
      assert.is((await owner.commit(decisions)).type, 'retry');
      assert.equal(await owner.commit(decisions), { type: 'committed' });
      assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, 2);
    }));
}

test('while the database is away, what became of the commit stays open: retry, then fenced', () =>
  withProxy(async ({ partitionStore: store }, proxy) => {
    const owner = await newOwner(store, 6);
    const show = newId(6);
    const batch = batchOf(owner.standing, [opening(show, { a: 5 })]);
    let away = false;
    proxy.treat = (packet) => {
      if (away) return 'cut-before';
      if (!packet.includes('COMMIT')) return 'pass';
      away = true;
      return 'cut-after';
    };
    assert.is((await store.commit(batch)).type, 'retry');
    proxy.treat = () => 'pass';
    assert.equal(await store.commit(batch), { type: 'fenced' });
    assert.is((await store.ledgers([show])).size, 1);
  }));

test('a claim whose reply was lost is made again', () =>
  withProxy(async ({ partitionStore: store }, proxy) => {
    await newOwner(store, 7);
    proxy.treat = once('COMMIT', 'cut-after');
    const owner = await newOwner(store, 7);
    assert.is(owner.standing.claim.epoch, 3);
    assert.equal(await owner.commit([opening(newId(7), { a: 5 })]), { type: 'committed' });
  }));

test('reads go on over new connections after all old ones broke', () =>
  withProxy(async ({ partitionStore: store }, proxy) => {
    proxy.treat = once('JSON_TABLE', 'cut-before');
    assert.equal(await store.ledgers([newId(8)]), new Map());
  }));
