import { createServer } from 'node:net';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { freePort } from '../../infra/local/free-port.ts';
import { evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import { reservationAfter } from '../../src/domain/reservation.ts';
import { journalEntryOf } from '../../src/store/journal-row.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore, openTestStore } from './open-test-store.ts';
import { BASE_MS, confirmed, lineOf, newId, newOwner, newPoolId, opening, rejected } from './story.ts';

const test = suite('store: opening, agreeing, counting, replaying');

let database: Database;
let store: Store;
test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url, { role: 'api' });
});
test.after(async () => {
  await store.close();
  await database.drop();
});

const messageOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test('a database that refuses connections is named, with its reason and without its password', async () => {
  const url = `mysql://somebody:secret@127.0.0.1:${await freePort()}/onsale`;
  const message = await messageOf(openTestStore(url));
  assert.match(
    message,
    /^cannot use the database mysql:\/\/somebody:\*\*\*@127\.0\.0\.1:\d+\/onsale: .*ECONNREFUSED/,
  );
  assert.not.match(message, '\n');
});

test('a database that accepts and says nothing is given up within three seconds', async () => {
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const began = performance.now();
  assert.match(await messageOf(openTestStore(`mysql://a:b@127.0.0.1:${port}/x`)), 'ETIMEDOUT');
  assert.ok(performance.now() - began < 3_000);
  mute.close();
});

test('a wrong password, an unknown database and a wrong kind of URL each say so', async () => {
  const wrong = new URL(database.url);
  wrong.password = 'wrong';
  assert.match(await messageOf(openTestStore(wrong.href)), 'Access denied');
  const unknown = new URL(database.url);
  unknown.pathname = '/nowhere';
  assert.match(await messageOf(openTestStore(unknown.href)), "Unknown database 'nowhere'");
  assert.match(await messageOf(openTestStore('redis://127.0.0.1:1/x')), 'starts with redis:');
});

test('partitions are agreed once, may grow, and never shrink or change their rule', async () => {
  const rule = 'uuid8';
  const roles = await Promise.all([4, 4, 4].map((partitions) => store.agreePartitions({ partitions, rule })));
  assert.equal(roles, Array(3).fill({ partitions: 4, rule }));
  await store.agreePartitions({ partitions: 6, rule });
  assert.match(await messageOf(store.agreePartitions({ partitions: 4, rule })), /has 6 partitions.*set to 4/);
  assert.match(await messageOf(store.agreePartitions({ partitions: 6, rule: 'other' })), /"uuid8".*"other"/);
  assert.equal([...(await store.openShowsByPartition()).keys()], [0, 1, 2, 3, 4, 5]);
});

test('open shows are counted by partition, without those whose sale has ended', async () => {
  await store.agreePartitions({ partitions: 6, rule: 'uuid8' });
  const owner = await newOwner(store.partitionStore, 3);
  const endless = { ...opening(newId(3), { a: 1 }), rules: {} };
  await owner.commit([endless, opening(newId(3), { a: 1 })]);
  assert.is((await store.openShowsByPartition()).get(3), 1);
});

test('replaying the journal gives the tables', async () => {
  const owner = await newOwner(store.partitionStore, 5);
  const show = newId(5);
  await owner.commit([opening(show, { b: 50, a: 7 })]);
  for (let n = 0; n < 5; n += 1)
    await owner.commit([
      confirmed(show, [lineOf('a', 1), lineOf('b', n + 1)], { reference: `order ${n}` }),
      rejected(show, [lineOf('a', 9)], { reason: 'sold-out', poolId: newPoolId('a') }),
    ]);
  const connection = await createConnection({
    uri: database.url,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT * FROM journal WHERE partition_id = 5 ORDER BY position',
  );
  await connection.end();
  let ledger: ShowLedger | undefined;
  for (const entry of rows.map(journalEntryOf)) {
    ledger = evolve(ledger, entry.decision, entry.decidedAtMs);
    const reservation = reservationAfter(entry);
    if (reservation) assert.equal((await store.reader.reservation(reservation.id)).reservation, reservation);
  }
  assert.is(ledger?.openedAtMs, BASE_MS + 1);
  assert.equal(await store.reader.show(show), ledger);
});

test('more callers than sessions each get their turn', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => store.reader.shows({ limit: 1 })));
  assert.is(answers.length, 50);
});

test('after close, nothing is asked any more', async () => {
  const closed = await openTestStore(database.url);
  await closed.close();
  assert.match(await messageOf(closed.ping()), 'closed');
});
