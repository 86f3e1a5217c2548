import { waitUntil } from '../../infra/local/wait-until.ts';
import { totalsKey } from '../../src/domain/customer.ts';
import type { Store } from '../../src/store/open-store.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { type MariadbPair, startMariadbPair } from '../support/mariadb-pair.ts';
import { assert, suite } from '../support/suite.ts';
import { openMigratedStore } from './open-test-store.ts';
import { confirmed, lineOf, newCustomerId, newId, newOwner, opening } from './story.ts';

const test = suite('store: sessions on both sides of a change', { timeoutMs: 60_000 });

let pair: MariadbPair;
let store: Store;
test.before(async () => {
  pair = await startMariadbPair();
  // The probe is off. So the only thing that keeps an owner from reading on the old server is which sessions
  // it is lent.
  store = await openMigratedStore(pair.proxy.url, { probe: { everyMs: 3_600_000, reconnectMs: 3_600_000 } });
});
test.after(async () => {
  await store.close();
  await pair.remove();
});

test('an owner that claims on the new server reads nothing on the old one, which is there and takes writes', async () => {
  const { partitionStore, reader } = store;
  const partition = 1;
  const before = await newOwner(partitionStore, partition);
  const showId = newId(partition);
  await before.commit([opening(showId, { a: 100 })]);
  await Promise.all([1, 2, 3, 4, 5, 6].map(() => reader.shows({ limit: 1 })));
  const old = pair.primary();
  await pair.changeSides({ isFollowed: false });
  await pair.setReadOnly(old, false);
  const [idle] = await askMariadb(
    old,
    "SELECT id FROM information_schema.processlist WHERE db = 'onsale' AND command = 'Sleep' LIMIT 1",
  );
  await askMariadb(old, `KILL ${String(idle?.['id'])}`);
  const isMoved = async (): Promise<boolean> => {
    await Promise.allSettled([1, 2, 3, 4, 5, 6].map(() => reader.shows({ limit: 1 })));
    return store.standing().server?.includes(`:${pair.primary().port}`) === true;
  };
  assert.ok(await waitUntil(isMoved, { limitMs: 10_000 }));
  const { progress, claim } = before.standing;
  assert.is(await partitionStore.stands(claim, progress.position), undefined, 'it was made on the old one');
  const owner = await newOwner(partitionStore, partition);
  const customer = 'fan';
  await owner.commit([confirmed(showId, [lineOf('a', 1)], { customer })]);
  const wanted = { showId, customerId: newCustomerId(customer) };
  const totals = await Promise.all(
    Array.from({ length: 10 }, () => partitionStore.customerTotals([wanted], owner.standing.claim)),
  );
  const places = totals.map((found) => found.get(totalsKey(showId, wanted.customerId))?.places);
  assert.equal(places, Array(10).fill(1));
});
