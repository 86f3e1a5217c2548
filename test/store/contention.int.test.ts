import { type Connection, createConnection } from 'mysql2/promise';
import { patience, waitUntil } from '../../infra/local/wait-until.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { openMigratedStore } from './open-test-store.ts';
import { confirmed, lineOf, newId, newOwner, opening } from './story.ts';

const test = suite('store: several sessions at once');

let database: Database;
let store: Store;
const rivals: Connection[] = [];
test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url);
});
test.after(async () => {
  for (const connection of rivals) connection.destroy();
  await store.close();
  await database.drop();
});

test('a frozen owner inside its transaction holds its successor up for about the lease TTL', async () => {
  const proxy = await startTcpProxy(database.url);
  const frozenStore = await openMigratedStore(proxy.url);
  const frozen = await newOwner(frozenStore.partitionStore, 1, 'frozen');
  const show = newId(1);
  // The owner is frozen while the partition's row is locked: the server waits for a packet that does not
  // come.
  let freeze: () => void = () => undefined;
  const isFrozen = new Promise<void>((resolve) => {
    freeze = resolve;
  });
  proxy.treat = (packet) => {
    if (!packet.includes('ShowOpened')) return 'pass';
    freeze();
    return 'hold';
  };
  const late = frozen.commit([opening(show, { a: 5 })]);
  await isFrozen;
  const began = performance.now();
  const successor = await newOwner(store.partitionStore, 1, 'successor');
  const waitedMs = performance.now() - began;
  assert.ok(waitedMs > 300, `the row was not locked: ${waitedMs} ms`);
  assert.ok(waitedMs < 3_000 * patience(), `${waitedMs} ms`);
  assert.equal(await successor.commit([opening(show, { a: 5 })]), { type: 'committed' });
  proxy.treat = () => 'pass';
  assert.is((await late).type, 'retry');
  assert.is((await frozen.commit([opening(newId(1), { a: 5 })])).type, 'fenced');
  await frozenStore.close();
  await proxy.close();
});

test('an idle session lives on past the silence the server allows', async () => {
  const proxy = await startTcpProxy(database.url);
  // With one session, our ping waits for that session instead of opening another.
  const idle = await openMigratedStore(proxy.url, { poolSize: 1 });
  const pings = new Promise<void>((resolve) => {
    let seen = 0;
    proxy.treat = (packet) => {
      if (packet.includes('DO 1')) seen += 1;
      if (seen === 5) resolve();
      return 'pass';
    };
  });
  await pings;
  const before = proxy.connections();
  await idle.ping();
  assert.is(proxy.connections(), before);
  await idle.close();
  await proxy.close();
});

test('a deadlock is tried again, and both transactions come through', async () => {
  const owner = await newOwner(store.partitionStore, 2);
  const show = newId(2);
  await owner.commit([opening(show, { a: 5, b: 5 })]);
  const rival = await createConnection({ uri: database.url });
  rivals.push(rival);
  await rival.query('START TRANSACTION');
  // The rival changes more rows than the batch, so that InnoDB chooses the batch as the victim.
  const settings = Array.from({ length: 500 }, (_, n) => `('weight ${n}', '')`);
  await rival.query(`INSERT INTO settings (name, value) VALUES ${settings}`);
  await rival.query("UPDATE pools SET name = 'rival' WHERE partition_id = 2 AND pool_id = 'a'");
  const verdict = owner.commit([confirmed(show, [lineOf('a', 2)])]);
  // Waits until the batch waits for the rival's pool and holds the lock on its partition's row. InnoDB
  // refreshes this table only when it was not read for 0.1 s.
  const waits = async (): Promise<boolean> => {
    const [rows] = await rival.query(
      "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    );
    return Array.isArray(rows) && rows.length > 0;
  };
  const waited = await waitUntil(waits, { limitMs: 5_000, everyMs: 150 });
  await rival.query('UPDATE partitions SET owner = owner WHERE id = 2');
  await rival.query('COMMIT');
  assert.ok(waited);
  assert.equal(await verdict, { type: 'committed' });
  assert.equal(
    (await store.partitionStore.ledgers([show])).get(show)?.pools.map(({ confirmed: taken }) => taken),
    [2, 0],
  );
});

test('partitions commit side by side', async () => {
  const partitions = [11, 12, 13, 14, 15, 16];
  await Promise.all(
    partitions.map(async (partition) => {
      const owner = await newOwner(store.partitionStore, partition);
      const show = newId(partition);
      await owner.commit([opening(show, { a: 100 })]);
      for (let n = 0; n < 20; n += 1)
        assert.equal(
          await owner.commit([confirmed(show, [lineOf('a', 2)]), confirmed(show, [lineOf('a', 3)])]),
          {
            type: 'committed',
          },
        );
      assert.is((await store.partitionStore.ledgers([show])).get(show)?.pools[0]?.confirmed, 100);
    }),
  );
});
