import { type Connection, createConnection } from 'mysql2/promise';
import type { ReservationId } from '../../src/domain/ids.ts';
import type { StuckHold } from '../../src/store/contract.ts';
import { bytesOf } from '../../src/store/database/parameters.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import { BASE_MS, held, lineOf, newId, newOwner, type Owner, opening } from './story.ts';

const test = suite('holds that cannot lapse, on a real server');

let database: Database;
let store: Store;
let byHand: Connection;
let partition = 0;
let owner: Owner;

test.before(async () => {
  database = await createDatabase();
  store = await openMigratedStore(database.url);
  byHand = await createConnection(database.url);
});
test.before.each(async () => {
  partition += 1;
  owner = await newOwner(store.partitionStore, partition);
});
test.after(async () => {
  await Promise.all([store.close(), byHand.end()]);
  await database.drop();
});

const edit = (column: 'status' | 'line_list', value: string, id: ReservationId) =>
  byHand.execute(`UPDATE reservations SET ${column} = ? WHERE id = ?`, [value, bytesOf(id)]);

const wayOff = { untilMs: BASE_MS + 1_000_000 };

/** Makes n holds and returns their ids in the order in which they lapse. */
const holdsOf = async (n: number): Promise<readonly ReservationId[]> => {
  const show = newId(partition);
  const holds = Array.from({ length: n }, (_, at) =>
    held(show, [lineOf('a', 1)], { expiresAtMs: BASE_MS + 60_000 + at }),
  );
  await owner.commit([opening(show, { a: 50 }), ...holds]);
  return holds.map(({ reservationId }) => reservationId);
};

const stuckBy: readonly (readonly [string, (id: ReservationId) => Promise<unknown>, RegExp])[] = [
  [
    'has no reservation',
    (id) => byHand.execute('DELETE FROM reservations WHERE id = ?', [bytesOf(id)]),
    /no row in reservations/,
  ],
  ['is confirmed', (id) => edit('status', 'confirmed', id), /its reservation is confirmed/],
  ['cannot be read', (id) => edit('line_list', 'x', id), /JSON/],
  [
    'expires at another time',
    (id) =>
      byHand.execute('UPDATE reservations SET expires_at_ms = expires_at_ms + 9 WHERE id = ?', [bytesOf(id)]),
    /expires at/,
  ],
];
for (const [what, spoil, why] of stuckBy)
  test(`a hold that ${what} is passed over and named, and is nobody's next expiry`, async () => {
    const ids = await holdsOf(4);
    const { partitionStore } = store;
    for (const id of ids.slice(0, 3)) await spoil(id);
    const [, , , good] = ids;
    // Pages of two: the first contains stuck holds only, and the second begins with one.
    const due = await partitionStore.dueHolds(partition, { ...wayOff, limit: 2 });
    assert.equal(
      due.holds.map(({ id }) => id),
      [good],
    );
    assert.equal(
      due.stuck.map(({ id }: StuckHold) => id),
      ids.slice(0, 3),
    );
    for (const stuck of due.stuck) assert.match(stuck.why, why);
    assert.is(await partitionStore.nextExpiryMs(partition), BASE_MS + 60_003);
    if (good) await spoil(good);
    assert.is(await partitionStore.nextExpiryMs(partition), undefined);
    const none = await partitionStore.dueHolds(partition, { ...wayOff, limit: 2 });
    assert.equal([none.holds, none.stuck.length, none.next], [[], 4, undefined]);
  });

test('due holds come in pages by expiry and id', async () => {
  const show = newId(partition);
  const holds = Array.from({ length: 5 }, (_, at) =>
    held(show, [lineOf('a', 1)], { expiresAtMs: BASE_MS + 60_000 + (at < 3 ? 0 : 1) }),
  );
  await owner.commit([opening(show, { a: 50 }), ...holds]);
  const { partitionStore } = store;
  const listed: ReservationId[] = [];
  let page = await partitionStore.dueHolds(partition, { ...wayOff, limit: 2 });
  for (
    ;
    page.next;
    page = await partitionStore.dueHolds(partition, { ...wayOff, limit: 2, after: page.next })
  )
    listed.push(...page.holds.map(({ id }) => id));
  listed.push(...page.holds.map(({ id }) => id));
  const early = holds.slice(0, 3).map(({ reservationId }) => reservationId);
  const late = holds.slice(3).map(({ reservationId }) => reservationId);
  assert.equal(listed, [...early.toSorted(), ...late.toSorted()]);
  const [, second] = early.toSorted();
  const after = { expiresAtMs: BASE_MS + 60_000, id: second ?? '' };
  assert.is(await partitionStore.nextExpiryMs(partition, after), BASE_MS + 60_000);
});
