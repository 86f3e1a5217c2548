import { waitUntil } from '../../infra/local/wait-until.ts';
import { audit } from '../support/audit.ts';
import { call, getPool, openShow } from '../support/client.ts';
import { openRedis, type RedisClient } from '../support/open-redis.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('many reservations in one call', { timeoutMs: 60_000 });

let running: RunningSystem;
let redis: RedisClient;

test.before(async () => {
  running = await startRunning();
  redis = await openRedis(running.backends.redis.url);
});

test.after(async () => {
  redis.disconnect();
  await running.stop();
});

interface Result {
  readonly status: number;
  readonly replayed?: true;
  readonly reservation?: { readonly id: string; readonly status: string };
  readonly problem?: { readonly code: string; readonly instance?: string };
}

const newResults = (body: Record<string, unknown>): readonly Result[] => body['results'] as Result[];

const ask = async (requests: readonly object[], wait = 30): Promise<readonly Result[]> => {
  const answer = await call(`${running.api}/v1/reservations/batch`, {
    wait,
    headers: { 'x-service': 'true' },
    body: { requests },
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  assert.is(answer.headers.get('preference-applied'), `wait=${wait}`);
  return newResults(answer.body);
};

const hundred = (showId: string, more: (n: number) => object = () => ({})) =>
  [...Array(100).keys()].map((n) => ({
    customerId: `customer-${n}`,
    showId,
    lines: [{ poolId: 'stalls', quantity: 1 }],
    ...more(n),
  }));

/** How often the server has executed commands that append. */
const appendCalls = async (): Promise<number> => {
  const stats = await redis.info('commandstats');
  const counts = [...stats.matchAll(/^cmdstat_(?:eval|evalsha): ?calls=(\d+)/gm)];
  return counts.reduce((sum, [, calls]) => sum + Number(calls), 0);
};

test('a hundred for sixty places: the first sixty are confirmed, in their order, and nothing is oversold', async () => {
  const showId = await openShow(running.api, { stalls: 60 });
  const results = await ask(hundred(showId));
  assert.equal(
    results.map(({ status }) => status),
    [...Array(60).fill(201), ...Array(40).fill(409)],
  );
  assert.ok(results.slice(60).every(({ problem }) => problem?.code === 'sold-out' && problem.instance));
  assert.is((await getPool(running.api, showId)).confirmed, 60);
  const third = results[2]?.reservation?.id;
  const got = await call(`${running.api}/v1/reservations/${third}`, { customer: 'customer-2' });
  assert.equal([got.status, got.body['status']], [200, 'confirmed']);
  const foreign = await call(`${running.api}/v1/reservations/${third}`, { customer: 'customer-3' });
  assert.is(foreign.status, 404);
});

test('a call that is sent again acts once, request by request, whichever of them were done before', async () => {
  const showId = await openShow(running.api, { stalls: 1_000 });
  const requests = hundred(showId, (n) => ({ key: `import-${n}` }));
  const before = await ask(requests.slice(0, 30));
  const all = await ask(requests);
  assert.equal(
    all.map(({ status, replayed = false }) => [status, replayed]),
    [...Array(30).fill([201, true]), ...Array(70).fill([201, false])],
  );
  assert.equal(
    all.slice(0, 30).map(({ reservation }) => reservation),
    before.map(({ reservation }) => reservation),
  );
  const single = await call(`${running.api}/v1/reservations`, {
    customer: 'customer-99',
    wait: 30,
    headers: { 'idempotency-key': '"import-99"' },
    body: { showId, lines: [{ poolId: 'stalls', quantity: 1 }] },
  });
  assert.equal(
    [single.body['id'], single.headers.get('idempotent-replayed')],
    [all[99]?.reservation?.id, 'true'],
  );
  assert.is((await getPool(running.api, showId)).confirmed, 100);
});

test('the entries of a call are appended together', async () => {
  const showId = await openShow(running.api, { stalls: 1_000 });
  await running.stopProjector();
  try {
    const before = await appendCalls();
    const results = await ask(hundred(showId), 0);
    assert.ok(results.every(({ status }) => status === 202));
    const calls = (await appendCalls()) - before;
    assert.ok(calls >= 1 && calls <= 10, `${calls} calls for a hundred entries`);
  } finally {
    await running.startProjector();
  }
  const areDecided = async (): Promise<boolean> => (await getPool(running.api, showId)).confirmed === 100;
  assert.ok(await waitUntil(areDecided, { limitMs: 30_000 }));
});

test('every promise was kept', async () => {
  keptPromises(await audit(running.backends.urls));
});
