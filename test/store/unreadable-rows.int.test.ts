import { type Connection, createConnection } from 'mysql2/promise';
import { totalsKey } from '../../src/domain/customer.ts';
import type { RequestId, ShowId } from '../../src/domain/ids.ts';
import { bytesOf } from '../../src/store/database/parameters.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createDatabase, type Database } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import { confirmed, lineOf, newCustomerId, newId, newOwner, type Owner, opening, rejected } from './story.ts';

const test = suite('rows that cannot be read, on a real server');

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

type Column = 'status' | 'reason' | 'line_list' | 'pool_id' | 'rules';

/** Changes a column as a newer build or an edit by hand would. */
const edit = (table: 'reservations' | 'shows', column: Column, value: string, id: RequestId) =>
  byHand.execute(`UPDATE ${table} SET ${column} = ? WHERE id = ?`, [value, bytesOf(id)]);

const soldShow = async (customer = 'somebody') => {
  const show = newId(partition);
  const [bad, good] = [newId(partition), newId(partition)];
  await owner.commit([
    opening(show, { a: 50 }),
    confirmed(show, [lineOf('a', 1)], { id: bad, customer }),
    confirmed(show, [lineOf('a', 2)], { id: good, customer }),
  ]);
  return { show, bad, good };
};

const spoilt: readonly (readonly [Column, string])[] = [
  ['status', 'xyz'],
  ['line_list', '{"no": "lines"}'],
  ['line_list', 'no JSON'],
  ['line_list', '[["a", "many"]]'],
  ['pool_id', 'no pool!'],
  ['reason', 'No Word'],
];
for (const [column, value] of spoilt)
  test(`a reservation with ${column} ${value} does not touch those asked for in the same turn`, async () => {
    const { bad, good } = await soldShow();
    await edit('reservations', column, value, bad);
    const ids = [good, bad, newId(partition)];
    const [one, other, none] = await Promise.all(ids.map((id) => store.reader.reservation(id)));
    assert.is(one?.reservation?.status, 'confirmed');
    assert.match(other?.unreadable ?? '', new RegExp(`^reservation ${bad}: `));
    assert.is(other?.reservation, undefined);
    assert.equal([none?.reservation, none?.unreadable], [undefined, undefined]);
    const found = await store.partitionStore.reservations(ids);
    assert.equal([...found.keys()], [good]);
    assert.equal([...found.unreadable.keys()], [bad]);
  });

test('a reason of a newer build is told as it stands', async () => {
  const { show } = await soldShow();
  const no = newId(partition);
  await owner.commit([rejected(show, [lineOf('a', 1)], { id: no, reason: 'sold-out' })]);
  await edit('reservations', 'reason', 'not-this-weekend', no);
  const { reservation } = await store.reader.reservation(no);
  assert.equal([reservation?.status, reservation?.reason], ['rejected', 'not-this-weekend']);
});

test('lists give the rows there are, and go on behind the one that cannot be read', async () => {
  const { show, bad, good } = await soldShow('lister');
  await edit('reservations', 'status', 'xyz', bad);
  for (const whose of [{ customerId: newCustomerId('lister') }, { showId: show }]) {
    const { rows } = await store.reader.reservations({ ...whose, limit: 10 });
    assert.equal(
      rows.map((row) => [row.id, 'value' in row]),
      [
        [good, true],
        [bad, false],
      ],
    );
  }
});

const brokenShows: readonly (readonly [string, (id: ShowId) => Promise<unknown>])[] = [
  ['rules that are no JSON', (id) => edit('shows', 'rules', '{"holdSeconds":', id)],
  ['a rule that is no number', (id) => edit('shows', 'rules', '{"holdSeconds":"x"}', id)],
  ['no pools', (id) => byHand.execute('DELETE FROM pools WHERE show_id = ?', [bytesOf(id)])],
  [
    'a pool that no build names so',
    (id) => byHand.execute("UPDATE pools SET pool_id = 'no pool!' WHERE show_id = ?", [bytesOf(id)]),
  ],
];
for (const [what, spoil] of brokenShows)
  test(`a show with ${what} does not touch the others`, async () => {
    const [bad, good] = [newId(partition), newId(partition)];
    await owner.commit([opening(bad, { a: 5 }), opening(good, { a: 5 })]);
    await spoil(bad);
    const [one, other] = await Promise.all([good, bad].map((id) => store.reader.show(id)));
    assert.is(one?.show?.showId, good);
    assert.match(other?.unreadable ?? '', new RegExp(`^show ${bad}: `));
    const ledgers = await store.partitionStore.ledgers([bad, good]);
    assert.equal([[...ledgers.keys()], [...ledgers.unreadable.keys()]], [[good], [bad]]);
    const page = await store.partitionStore.ledgersOfPartition(partition, { limit: 1 });
    assert.equal([page.showIds, page.ledgers.size, page.next], [[bad], 0, bad]);
    const rows = await store.reader.shows({ limit: 2 });
    assert.equal(
      rows.map((row) => [row.id, 'value' in row]),
      [
        [good, true],
        [bad, false],
      ],
    );
  });

test('a rule of a newer build is left out for who looks, and stops who decides', async () => {
  const show = newId(partition);
  await owner.commit([opening(show, { a: 5 })]);
  await edit('shows', 'rules', '{"maxPerRequest":2,"queueSeconds":9}', show);
  assert.equal((await store.reader.show(show)).show?.rules, { maxPerRequest: 2 });
  const ledgers = await store.partitionStore.ledgers([show]);
  assert.match(ledgers.unreadable.get(show) ?? '', /rule queueSeconds is 9, which this version cannot read/);
});

test('a request whose row or decision cannot be read is known all the same', async () => {
  const { show, bad, good } = await soldShow();
  await edit('reservations', 'status', 'xyz', bad);
  const satisfied = newId(partition);
  await owner.commit([
    {
      requestId: satisfied,
      decision: {
        type: 'RequestSatisfied',
        asked: 'ConfirmationRequested',
        reservationId: good,
        showId: show,
        customerId: newCustomerId('somebody'),
      },
    },
  ]);
  await byHand.execute("UPDATE journal SET type = 'HoldMoved' WHERE request_id = ?", [bytesOf(satisfied)]);
  const known = await store.partitionStore.known([bad, good, satisfied, newId(partition)]);
  assert.equal(
    [bad, good, satisfied].map((id) => known.get(id)?.type),
    ['unreadable', 'reservation', 'unreadable'],
  );
  assert.is(known.size, 3);
  const history = await store.reader.history(good);
  assert.equal(
    history.map((item) => [item.type, item.type === 'unreadable' && item.decision]),
    [
      ['decision', false],
      ['unreadable', 'HoldMoved'],
    ],
  );
});

for (const [column, value] of [
  ['status', 'xyz'],
  ['line_list', 'no JSON'],
  ['line_list', '[["a", "many"]]'],
] as const)
  test(`a customer one of whose reservations has ${column} ${value} has unknown totals, others have theirs`, async () => {
    const { show, bad } = await soldShow('one');
    await owner.commit([confirmed(show, [lineOf('a', 3)], { customer: 'other' })]);
    await edit('reservations', column, value, bad);
    const keyOf = (name: string): string => totalsKey(show, newCustomerId(name));
    const pairs = ['one', 'other', 'none'].map((name) => ({
      showId: show,
      customerId: newCustomerId(name),
    }));
    const totals = await store.partitionStore.customerTotals(pairs);
    assert.match(totals.unreadable.get(keyOf('one')) ?? '', new RegExp(bad));
    assert.equal(
      ['one', 'other', 'none'].map((name) => totals.get(keyOf(name))),
      [undefined, { places: 3, holds: 0 }, { places: 0, holds: 0 }],
    );
    const sums = await store.sumPlaces(show, new AbortController().signal);
    assert.equal(sums !== 'given-up' && sums.map(({ confirmedSum }) => confirmedSum), [5]);
  });
