import { createServer } from 'node:net';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { freePort } from '../../infra/local/free-port.ts';
import { patience } from '../../infra/local/wait-until.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { ShowId } from '../../src/domain/ids.ts';
import type { Store } from '../../src/store/open-store.ts';
import { journalEntryOf } from '../../src/store/rows/journal-row.ts';
import { newReplay, replayEntry } from '../support/replay.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore, openTestStore } from './open-test-store.ts';
import {
  BASE_MS,
  changing,
  confirmed,
  held,
  lineOf,
  newId,
  newOwner,
  newPoolId,
  opening,
  refOf,
  rejected,
} from './story.ts';

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
  assert.ok(performance.now() - began < 3_000 * patience());
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

test('a partition is undecided until something was decided in it, whether or not it has a row', async () => {
  const fresh = await createDatabase();
  const own = await openMigratedStore(fresh.url);
  try {
    assert.equal(await own.undecidedPartitions(3), [0, 1, 2]);
    await own.agreePartitions({ partitions: 4, rule: 'uuid8' });
    assert.equal(await own.undecidedPartitions(5), [0, 1, 2, 3, 4]);
    const owner = await newOwner(own.partitionStore, 2);
    assert.equal(await own.undecidedPartitions(5), [0, 1, 2, 3, 4], 'a claim decides nothing');
    await owner.commit([opening(newId(2), { a: 5 })]);
    assert.equal(await own.undecidedPartitions(5), [0, 1, 3, 4]);
  } finally {
    await own.close();
    await fresh.drop();
  }
});

test('open shows are counted by partition, without those whose sale has ended or was closed', async () => {
  await store.agreePartitions({ partitions: 6, rule: 'uuid8' });
  const owner = await newOwner(store.partitionStore, 3);
  const endless = { ...opening(newId(3), { a: 1 }), rules: {} };
  const closed = { ...opening(newId(3), { a: 1 }), rules: { closed: true } };
  const reopened = {
    ...opening(newId(3), { a: 1 }),
    rules: { closed: false, closesAtMs: 9_000_000_000_000 },
  };
  await owner.commit([endless, opening(newId(3), { a: 1 }), closed, reopened]);
  assert.is((await store.openShowsByPartition()).get(3), 2);
});

/** Commits the life of a show and its reservations, in several batches. */
const tellLife = async (): Promise<ShowId> => {
  const owner = await newOwner(store.partitionStore, 5);
  const show = newId(5);
  await owner.commit([opening(show, { b: 50, a: 7 })]);
  for (let n = 0; n < 5; n += 1) {
    const hold = held(show, [lineOf('a', 1), lineOf('b', 2)], { expiresAtMs: BASE_MS + n });
    const { lines } = hold;
    const taken = confirmed(show, [lineOf('b', n + 1)], { reference: `order ${n}` });
    await owner.commit([
      taken,
      rejected(show, [lineOf('a', 9)], { reason: 'sold-out', poolId: newPoolId('a') }),
      hold,
    ]);
    await owner.commit([{ type: 'HoldExtended', ...refOf(hold), expiresAtMs: BASE_MS + 900 }]);
    await owner.commit([
      n % 2 === 0
        ? { type: 'ReservationConfirmed', ...refOf(hold), lines, reference: 'paid', from: 'held' }
        : { type: 'HoldExpired', ...refOf(hold), released: lines },
      { type: 'RequestSatisfied', asked: 'CancellationRequested', ...refOf(hold) },
    ]);
  }
  await owner.commit([changing(show, { b: { capacity: 21, target: 1 }, a: 7, c: 2 }, { holdSeconds: 5 })]);
  return show;
};

const journalOf = async (partition: number): Promise<readonly JournalEntry[]> => {
  const connection = await createConnection({
    uri: database.url,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT * FROM journal WHERE partition_id = ? ORDER BY position',
    [partition],
  );
  await connection.end();
  return rows.map(journalEntryOf);
};

test('replaying the journal gives the tables', async () => {
  const show = await tellLife();
  const replay = newReplay();
  for (const entry of await journalOf(5)) replayEntry(replay, entry);
  assert.is(replay.ledgers.get(show)?.openedAtMs, BASE_MS + 1);
  assert.equal(await store.reader.show(show), { show: replay.ledgers.get(show) });
  assert.is(replay.reservations.size, 15);
  const ids = [...replay.reservations.keys()];
  assert.equal(new Map(await store.partitionStore.reservations(ids)), replay.reservations);
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
