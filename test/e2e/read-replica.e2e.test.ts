import { waitUntil } from '../../infra/local/wait-until.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { call, getReservation, openShow, reserve, reserved } from '../support/client.ts';
import { type MariadbPair, startMariadbPair } from '../support/mariadb-pair.ts';
import { type Onsale, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const patience = { limitMs: 40_000 };

const test = suite('query processes that read from a replica', { timeoutMs: 120_000 });

let redis: OwnServer;
let pair: MariadbPair;
let command: Onsale;
let projector: Onsale;
let query: Onsale;

test.before(async () => {
  [redis, pair] = await Promise.all([startOwnRedis(), startMariadbPair()]);
  const urls = { redisUrl: redis.url, databaseUrl: pair.primary().url };
  const migrated = await runOnsale(['migrate'], { DATABASE_URL: urls.databaseUrl });
  assert.is(migrated.code, 0, migrated.output);
  await pair.untilCaughtUp();
  // The limit on the lag is so high that the replica is read during all these tests, whether or not it
  // applies anything.
  const env = { DATABASE_READ_URL: pair.replica().url, ONSALE_READ_LAG_MS_MAX: '60000' };
  [command, projector, query] = await Promise.all([
    startOnsale({ roles: ['command'], ...urls }),
    startOnsale({ roles: ['projector'], ...urls }),
    startOnsale({ roles: ['query'], ...urls, env }),
  ]);
  assert.ok(await waitUntil(async () => (await replicaState(query)) === 'ok', patience));
});

test.after(async () => {
  await Promise.all([command, projector, query].map((process) => process?.stop()));
  await Promise.all([redis, pair].map((server) => server?.remove()));
});

const replicaState = async ({ opsUrl }: Onsale): Promise<unknown> => {
  const { body } = await call(`${opsUrl}/readyz`);
  return Object.fromEntries(Object.entries(Object.values(body).find(isTable) ?? body))['api replica'];
};

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && 'api replica' in value;

/** During the work, nothing that is committed reaches the replica. */
const whileBehind = async (work: () => Promise<void>): Promise<void> => {
  await pair.untilCaughtUp();
  await askMariadb(pair.replica(), 'STOP SLAVE SQL_THREAD');
  try {
    await work();
    assert.is(await replicaState(query), 'ok', 'it was read all the while');
  } finally {
    await askMariadb(pair.replica(), 'START SLAVE SQL_THREAD');
  }
};

const readsBy = async (who: string): Promise<number> => {
  const text = await (await fetch(`${query.opsUrl}/metrics`)).text();
  return Number(
    new RegExp(`onsale_mysql_replica_reads_total{.*answered_by="${who}"} (\\d+)`).exec(text)?.[1],
  );
};

test('what the replica does not know yet is never 404 and never pending, and lists are at most late', async () => {
  await whileBehind(async () => {
    const showId = await openShow(command.url, { stalls: 100 });
    assert.is((await call(`${query.url}/v1/shows/${showId}`)).status, 200);
    for (let n = 0; n < 20; n += 1) {
      const customer = `new-${n}`;
      const id = await reserved(command.url, { customer, showId, quantity: 1 });
      const { status, body } = await getReservation(query.url, id, customer);
      assert.equal([status, body['status']], [200, 'confirmed']);
    }
    const listed = await call(`${query.url}/v1/reservations`, { headers: { 'x-customer-id': 'new-0' } });
    assert.equal([listed.status, listed.body['data']], [200, []]);
  });
});

test('a GET with the ETag of what was answered before is never answered from an older state', async () => {
  const customer = 'holder';
  const showId = await openShow(command.url, { stalls: 100 }, { holdSeconds: 600 });
  const { body } = await reserve(command.url, { customer, showId, quantity: 1, wait: 20 });
  const path = `/v1/reservations/${String(body['id'])}`;
  const headers = { 'x-customer-id': customer };
  const isHeldThere = async (): Promise<boolean> => {
    const before = await readsBy('replica');
    const seen = await call(`${query.url}${path}`, { headers });
    return seen.body['status'] === 'held' && (await readsBy('replica')) > before;
  };
  assert.ok(await waitUntil(isHeldThere, patience));
  await whileBehind(async () => {
    const confirmed = await call(`${command.url}${path}/confirm`, { method: 'POST', headers });
    assert.is(confirmed.body['status'], 'confirmed');
    // An old state, as allowed.
    assert.is((await call(`${query.url}${path}`, { headers })).body['status'], 'held');
    const etag = String(confirmed.headers.get('etag'));
    const known = await call(`${query.url}${path}`, { headers: { ...headers, 'if-none-match': etag } });
    assert.is(known.status, 304);
    const history = await call(`${query.url}${path}/history`, { headers });
    assert.is(JSON.stringify(history.body).includes('ReservationConfirmed'), true);
  });
});

test('a process whose replica is away is ready, degraded, and says why', async () => {
  const away = await startOnsale({
    roles: ['query'],
    redisUrl: redis.url,
    databaseUrl: pair.primary().url,
    env: { DATABASE_READ_URL: 'mysql://onsale-query:onsale-query@127.0.0.1:1/onsale' },
  });
  try {
    const saysWhy = async (): Promise<boolean> =>
      /^degraded: the primary answers what a replica could: cannot use the database mysql:.*ECONNREFUSED/.test(
        String(await replicaState(away)),
      );
    assert.ok(await waitUntil(saysWhy, patience));
    assert.is((await call(`${away.opsUrl}/readyz`)).status, 200);
    assert.is((await call(`${away.url}/v1/shows`)).status, 200);
  } finally {
    await away.stop();
  }
});

test('doctor says what the replica is', async () => {
  const doctor = async (readUrl: string): Promise<string> => {
    const { output } = await runOnsale(['doctor'], {
      DATABASE_URL: pair.primary().url,
      REDIS_URL: redis.url,
      DATABASE_READ_URL: readUrl,
      ONSALE_READ_LAG_MS_MAX: '20000',
      ONSALE_ID_KEYS: testIdKey,
    });
    return output;
  };
  const good = await doctor(pair.replica().url);
  assert.match(good, new RegExp(`:${pair.replica().port} \\(server_id 2\\), read_only ON`));
  assert.match(good, /at most \d+ ms/);
  const same = await doctor(pair.primary().url);
  assert.match(same, /the primary: /);
});
