import { waitUntil } from '../../infra/local/wait-until.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { call, getReservation, openShow, reserve, reserved } from '../support/client.ts';
import { type MariadbPair, sessionsOn, startMariadbPair } from '../support/mariadb-pair.ts';
import { type Onsale, runOnsale, startOnsale, testIdKey } from '../support/onsale.ts';
import { sellWhile, type World } from '../support/sale.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const partitions = 8;
const env = { ONSALE_PARTITIONS: String(partitions), ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400' };
/** From the moment when the new server takes writes and the name leads to it. */
const decidedAgainMs = 5_000;
const patience = { limitMs: 30_000 };

const test = suite('MySQL changes sides and the old server stays', { timeoutMs: 120_000 });

let redis: OwnServer;
let pair: MariadbPair;
let command: Onsale;
let query: Onsale;
let projector: Onsale;
let world: World;

test.before(async () => {
  [redis, pair] = await Promise.all([startOwnRedis(), startMariadbPair()]);
  const urls = { redisUrl: redis.url, databaseUrl: pair.proxy.url };
  const migrated = await runOnsale(['migrate'], {
    DATABASE_URL: urls.databaseUrl,
    ONSALE_ID_KEYS: testIdKey,
  });
  assert.is(migrated.code, 0, migrated.output);
  [command, query, projector] = await Promise.all([
    startOnsale({ roles: ['command'], ...urls, env }),
    startOnsale({ roles: ['query'], ...urls, env }),
    startOnsale({ roles: ['projector'], ...urls, env }),
  ]);
  world = { ...urls, partitions, api: { command: command.url, query: query.url } };
});

test.after(async () => {
  await Promise.all([command, query, projector].map((process) => process?.stop()));
  await Promise.all([redis, pair].map((server) => server?.remove()));
});

const decisions = async (server: OwnServer): Promise<number> => {
  const [row] = await askMariadb(server, 'SELECT SUM(position) AS decisions FROM onsale.partitions');
  return Number(row?.['decisions']);
};

/** Whether enough further decisions appear on the server in time. */
const decidesAgain = async (server: OwnServer): Promise<boolean> => {
  const from = await decisions(server);
  const isDecided = async (): Promise<boolean> => (await decisions(server)) >= from + 20;
  return await waitUntil(isDecided, { limitMs: decidedAgainMs, everyMs: 50 });
};

const statusOf = async (id: string, customer: string): Promise<unknown> =>
  (await getReservation(query.url, id, customer)).body['status'];

const readiness = async ({ opsUrl }: Onsale) => await call(`${opsUrl}/readyz`);

test('a planned change of side: decided again within five seconds, nothing lost, no limit passed, no decision forgotten', async () => {
  const customers = Array.from({ length: 40 }, (_, n) => `fan-${n}`);
  const report = await sellWhile(world, async () => {
    const showId = await openShow(command.url, { stalls: 1_000 }, { maxPerCustomer: 1, partition: 3 });
    await Promise.all(customers.map((customer) => reserved(command.url, { customer, showId, quantity: 1 })));
    await pair.changeSides();
    assert.ok(await decidesAgain(pair.primary()), 'decided again in time');
    const again = await Promise.all(
      customers.map((customer) => reserve(command.url, { customer, showId, quantity: 1, wait: 30 })),
    );
    for (const { body } of again) assert.is(body['code'], 'customer-limit', JSON.stringify(body));
    const isLeft = async (): Promise<boolean> => (await sessionsOn(pair.replica())) === 0;
    assert.ok(await waitUntil(isLeft, { limitMs: decidedAgainMs }), 'no session stays behind');
    const late = 'latecomer';
    const id = await reserved(command.url, { customer: late, showId, quantity: 1 });
    for (let n = 0; n < 50; n += 1) assert.is(await statusOf(id, late), 'confirmed');
  });
  assert.is(report.refused.get('overloaded'), undefined, 'no request was refused for it');
});

test('a read-only server that the name still leads to: reads go on, readiness says why, and its end is noticed', async () => {
  const customer = 'reader';
  const showId = await openShow(command.url, { stalls: 100 });
  const id = await reserved(command.url, { customer, showId, quantity: 1 });
  await pair.setReadOnly(pair.primary(), true);
  const saysWhy = async (): Promise<boolean> => {
    const { status, body } = await readiness(projector);
    return status === 503 && JSON.stringify(body).includes('MySQL is read-only on');
  };
  assert.ok(await waitUntil(saysWhy, { limitMs: 10_000 }));
  const readsOn = async (): Promise<boolean> => {
    const { status, body } = await readiness(query);
    return status === 200 && body['status'] === 'degraded';
  };
  assert.ok(await waitUntil(readsOn, { limitMs: 10_000 }));
  const pending = await reserve(command.url, { customer: 'patient', showId, quantity: 1 });
  assert.is(pending.status, 202);
  assert.is(await statusOf(String(pending.body['id']), 'patient'), 'pending');
  const doctor = await runOnsale(['doctor'], {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: world.redisUrl,
    ONSALE_ID_KEYS: testIdKey,
  });
  assert.match(doctor.output, /unmet +read_only: ON on /);
  const inspected = await runOnsale(['inspect'], {
    DATABASE_URL: world.databaseUrl,
    REDIS_URL: world.redisUrl,
    ONSALE_ID_KEYS: testIdKey,
  });
  assert.match(inspected.output, /! MySQL is read-only on .*nothing can be decided/);
  // Long enough that partitions without progress are released.
  const isSatOut = (): boolean => projector.log.some((line) => line.includes('makes no progress'));
  assert.ok(await waitUntil(isSatOut, patience));
  for (let n = 0; n < 20; n += 1) assert.is(await statusOf(id, customer), 'confirmed');
  await pair.setReadOnly(pair.primary(), false);
  const isDecided = async (): Promise<boolean> =>
    (await statusOf(String(pending.body['id']), 'patient')) === 'confirmed';
  assert.ok(await waitUntil(isDecided, { limitMs: decidedAgainMs }), 'decided again in time');
  assert.ok(await waitUntil(async () => (await readiness(projector)).status === 200, patience));
});
