import type { ShowId } from '../../src/domain/ids.ts';
import { openSession, type Session } from '../../src/store/database/session.ts';
import type { Sessions } from '../../src/store/database/session-pool.ts';
import type { Store } from '../../src/store/open-store.ts';
import { findListEnd, listReservations, readReservations } from '../../src/store/read/read-reservations.ts';
import { findPageEnd } from '../../src/store/read/sum-places.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import { confirmed, lineOf, newCustomerId, newId, newOwner, opening } from './story.ts';

const test = suite('lists with filters, on a real server', { timeoutMs: 60_000 });

const lookedAtMax = 5_000;
const rows = 12_000;
const partition = 1;
const customer = 'a box office';
const lists = 30;

let database: Database;
let store: Store;
let session: Session;
let show: ShowId;

test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url, { role: 'api', poolSize: 10 });
  const limits = { connectMs: 10_000, queryMs: 60_000, silenceMs: 60_000, lockWaitMs: 1_000 };
  session = await openSession(database.url, limits);
  const owner = await newOwner(store.partitionStore, partition);
  show = newId(partition);
  await owner.commit([opening(show, { a: rows })]);
  for (let made = 0; made < rows; made += 2_000)
    await owner.commit(
      Array.from({ length: 2_000 }, () =>
        confirmed(show, [lineOf('a', 1)], { customer, id: newId(partition) }),
      ),
    );
});

test.after(async () => {
  session.destroy();
  await store.close();
  await database.drop();
});

const alone: Sessions = {
  borrow: async () => session,
  release: () => undefined,
  destroy: () => undefined,
  open: async () => session,
  close: async () => undefined,
};

const readSoFar = async (): Promise<number> => {
  const found = await session.rows("SHOW SESSION STATUS LIKE 'Handler\\_read\\_%'");
  return found.reduce((sum, row) => sum + Number(row['Value']), 0);
};

test('a page reads its part of the index twice and no more, however many rows there are and few that pass', async () => {
  for (const whose of [{ showId: show }, { customerId: newCustomerId(customer) }]) {
    const before = await readSoFar();
    const page = await readReservations(alone, { ...whose, reference: 'nobody', limit: 100 });
    const read = (await readSoFar()) - before;
    assert.equal(page.rows, []);
    assert.ok(page.next !== undefined);
    assert.ok(read <= 2 * lookedAtMax + 200, `${read} rows were read of ${rows}`);
  }
});

test('each list follows the index of its own, without sorting', async () => {
  const [show, customer] = [Buffer.alloc(16), Buffer.from('somebody')];
  const [before, from] = [Buffer.alloc(16, 0xff), Buffer.alloc(16)];
  const plans = [
    {
      sql: findListEnd.sqlWith('show'),
      key: 'reservations_show',
      values: [show, before, '1', '4999'],
      isCovered: true,
    },
    {
      sql: findListEnd.sqlWith('customer'),
      key: 'reservations_customer',
      values: [customer, before, '1', '4999'],
      isCovered: true,
    },
    {
      sql: listReservations.sqlWith('show'),
      key: 'reservations_show',
      values: [show, before, from, '101'],
    },
    {
      sql: listReservations.sqlWith('show', 'status', 'reference'),
      key: 'reservations_show',
      values: [show, before, from, 'held', 'a reference', '101'],
    },
    {
      sql: listReservations.sqlWith('customer'),
      key: 'reservations_customer',
      values: [customer, before, from, '101'],
    },
    {
      sql: listReservations.sqlWith('customer', 'show', 'status'),
      key: 'reservations_customer',
      values: [customer, show, before, from, 'held', '101'],
    },
    {
      sql: findPageEnd.sql,
      key: 'reservations_show',
      values: [show, from, '1', '999'],
      isCovered: true,
    },
  ];
  for (const { sql, key, values, isCovered } of plans) {
    const [plan] = await session.rows(`EXPLAIN ${sql}`, values);
    assert.equal([plan?.['type'], plan?.['key']], ['range', key], sql);
    assert.not.match(String(plan?.['Extra']), 'filesort', sql);
    if (isCovered) assert.match(String(plan?.['Extra']), 'Using index', sql);
  }
});

test('as many as are asked for at once leave sessions for what customers wait for', async () => {
  await session.run('LOCK TABLES reservations WRITE');
  const asked = Array.from({ length: lists }, () =>
    store.reader.reservations({ showId: show, status: 'expired', limit: 10 }).then(
      () => 'answered',
      () => 'not answered',
    ),
  );
  try {
    // The lists wait for the locked table; this read waits for none of them.
    const read = await store.reader.show(show).then(
      (answer) => answer.show?.showId,
      () => 'not answered',
    );
    assert.is(read, show);
  } finally {
    await session.run('UNLOCK TABLES');
  }
  assert.equal(new Set(await Promise.all(asked)), new Set(['answered']));
});
