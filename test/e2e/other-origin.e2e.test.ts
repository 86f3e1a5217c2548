import { type Client, newClient } from '../../src/client/client.ts';
import { openPage, type Page } from '../support/page-fetch.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a page of another origin', { timeoutMs: 60_000 });

const shop = 'https://shop.example';

let running: RunningSystem;

test.before(async () => {
  const env = { ONSALE_CORS_ORIGINS: shop, ONSALE_RATE_LIMIT_CUSTOMER: '50:100' };
  running = await startRunning({ env });
});

test.after(() => running.stop());

const clientIn = (page: Page, who: Readonly<Record<string, string>>): Client =>
  newClient({
    baseUrl: running.api,
    headers: () => ({ ...who, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`, baggage: 'shop=1' }),
    fetch: page.fetch,
    retrying: { firstPauseMs: 1, pauseMsMax: 2, triesMax: 3 },
  });

const lines = [{ poolId: 'stalls', quantity: 2 }];

const openShow = async (page: Page): Promise<string> => {
  const admin = clientIn(page, { 'x-admin': 'true' });
  const opened = await admin.openShow({
    name: 'A show',
    pools: [{ id: 'stalls', name: 'Stalls', capacity: 4 }],
    holdSeconds: 600,
  });
  if (opened.status !== 201) throw new Error(JSON.stringify(opened));
  const changed = await admin.changeShow(opened.data, { maxPerCustomer: 3 });
  assert.is(changed.status, 200);
  return opened.data.id;
};

test('it can do all that the client does: open, change, reserve, watch, confirm, give back, list', async () => {
  const page = openPage(shop);
  const showId = await openShow(page);
  const ann = clientIn(page, { 'x-customer-id': 'ann' });
  const asked = await ann.reserve({ showId, lines });
  if (asked.status !== 201) throw new Error(JSON.stringify(asked));
  const { id } = asked.data;
  const seen: string[] = [];
  for await (const state of ann.watch(id)) {
    assert.ok(state.ok);
    if (!state.ok) break;
    seen.push(state.data.status);
    if (state.data.status === 'held') assert.is((await ann.confirm(id, { reference: 'p' })).status, 200);
  }
  assert.equal(seen, ['held', 'confirmed']);
  const limited = await ann.reserve({ showId, lines });
  assert.is(limited.status === 409 && limited.problem.code, 'customer-limit');
  const part = await ann.cancel(id, { lines: [{ poolId: 'stalls', quantity: 1 }] });
  assert.is(part.status, 200);
  assert.is((await ann.history(id)).status, 200);
  assert.is((await ann.untilDecided(id)).status, 200);
  for await (const state of ann.watchShow(showId)) {
    assert.ok(state.ok);
    break;
  }
  for await (const list of ann.reservations({ showId, status: 'confirmed' }))
    assert.is(list.status === 200 && list.data.length, 1);
});

test('it reads every header that the service sends for it', async () => {
  const page = openPage(shop);
  const showId = await openShow(page);
  const ben = clientIn(page, { 'x-customer-id': 'ben' });
  const asked = await ben.reserve({ showId, lines });
  const again = await ben.reserve({ showId, lines }, { key: asked.key });
  if (again.status !== 201) throw new Error(JSON.stringify(again));
  for (const name of ['date', 'etag', 'location', 'preference-applied', 'ratelimit', 'ratelimit-policy'])
    assert.ok(again.headers.get(name), name);
  assert.is(again.headers.get('idempotent-replayed'), 'true');
});

test('a page that has listed asks for no permission when it reserves, and none twice', async () => {
  const page = openPage(shop);
  const eve = clientIn(page, { 'x-customer-id': 'eve' });
  for await (const list of eve.reservations()) assert.ok(list.ok);
  assert.is(page.preflights.length, 1);
  for (const showId of [await openShow(openPage(shop)), await openShow(openPage(shop))])
    assert.is((await eve.reserve({ showId, lines })).status, 201);
  assert.is(page.preflights.length, 1);
});

test('where the service does not name its origin, the client names the setting, and nothing was done', async () => {
  const page = openPage('https://elsewhere.example');
  const lost = clientIn(page, { 'x-customer-id': 'fay' });
  const asked = await lost.reserve({ showId: await openShow(openPage(shop)), lines });
  assert.is(asked.status === 0 && asked.problem.code, 'unreachable');
  if (!asked.ok) {
    assert.match(asked.problem.detail, 'CORS');
    assert.match(asked.problem.detail, 'ONSALE_CORS_ORIGINS');
  }
  const own = clientIn(openPage(shop), { 'x-customer-id': 'fay' });
  for await (const list of own.reservations()) assert.equal(list.ok && list.data, []);
});
