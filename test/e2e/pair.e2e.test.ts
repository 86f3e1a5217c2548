import { freePort } from '../../infra/local/free-port.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { audit } from '../support/audit.ts';
import { call, getReservation } from '../support/client.ts';
import { runOnsale, testIdKey } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { assert, suite } from '../support/suite.ts';
import {
  copyOf,
  decisionsIn,
  env,
  idInMysql,
  newDatabase,
  type PairWorld,
  sql,
  startPairWorld,
} from './pair-world.ts';

const test = suite('one pair', { timeoutMs: 90_000 });

let world: PairWorld;

test.before(async () => {
  world = await startPairWorld();
});

test.after(() => world?.close());

test('two first processes at once agree, and the id stands in both', async () => {
  const id = await idInMysql(world.backends.urls.databaseUrl);
  assert.match(String(id), /^[0-9a-f]{32}$/);
  assert.is(await world.idInRedis(), id);
  await world.sellOne('first');
});

test('no role starts with the database of another pair, and nothing is written there', async () => {
  const other = await newDatabase(world);
  try {
    for (const roles of [['projector'], ['command', 'query']]) {
      const { code, output } = await world.run(['serve', ...roles], { DATABASE_URL: other.url });
      assert.is(code, 1, output);
      assert.match(
        output,
        /belongs to the pair [0-9a-f]{8}, the database .* to the pair [0-9a-f]{8}: .*onsale adopt/,
      );
    }
    assert.is((await sql(other.url, 'SELECT COUNT(*) AS n FROM partitions'))[0]?.['n'], 0);
    const doctor = await world.run(['doctor'], { DATABASE_URL: other.url });
    assert.match(doctor.output, /unmet +pair: Redis [0-9a-f]{8}, MySQL [0-9a-f]{8}, wanted /);
    const inspect = await world.run(['inspect'], { DATABASE_URL: other.url });
    assert.match(inspect.output, '! Redis at');
    assert.is(inspect.code, 3);
    const verify = await world.run(['verify'], { DATABASE_URL: other.url });
    assert.is(verify.code, 1);
    assert.match(verify.output, 'not verified');
  } finally {
    await other.drop();
  }
});

test('a copy of the database beside the living original takes nothing', async () => {
  const clone = await copyOf(world.backends.urls.databaseUrl);
  const before = await decisionsIn(clone.url);
  const opsPort = await freePort();
  let said = '';
  let stop = (): void => undefined;
  const settings = {
    REDIS_URL: world.backends.urls.redisUrl,
    DATABASE_URL: clone.url,
    ONSALE_ID_KEYS: testIdKey,
  };
  const copied = runOnsale(
    ['serve', 'projector'],
    { ...settings, OPS_PORT: String(opsPort), ...env },
    (output, child) => {
      said = output;
      stop = () => void child.kill();
    },
  );
  try {
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(await world.sellOne(`customer-${n}`));
    assert.is(await decisionsIn(clone.url), before);
    for (const [n, id] of ids.entries())
      assert.is((await getReservation(world.api().url, id, `customer-${n}`)).body['status'], 'confirmed');
    assert.ok(await waitUntil(() => said.includes('two-databases'), { limitMs: 20_000 }), said);
    assert.is((await call(`http://127.0.0.1:${opsPort}/readyz`)).status, 503);
  } finally {
    stop();
    await copied;
    await clone.drop();
  }
});

test('Redis emptied under running processes: they write the id back, and everything goes on', async () => {
  const id = await world.idInRedis();
  await world.redis.flushall();
  assert.ok(await waitUntil(async () => (await world.idInRedis()) === id, { limitMs: 15_000 }));
  await world.sellOne('after the loss');
  assert.ok([...world.api().log, ...world.projector().log].some((line) => line.includes('written back')));
  assert.is((await call(`${world.api().opsUrl}/readyz`)).status, 200);
});

test('Redis exchanged under running processes: nothing is read or written, and readyz says why', async () => {
  const id = String(await world.idInRedis());
  await world.redis.hset('onsale:settings', 'pair', 'f'.repeat(32));
  const isRefused = async (): Promise<boolean> => {
    const { status, body } = await call(`${world.api().opsUrl}/readyz`);
    return status === 503 && JSON.stringify(body).includes('belongs to the pair ffffffff');
  };
  assert.ok(await waitUntil(isRefused, { limitMs: 15_000 }), 'it was believed');
  const refused = await call(`${world.api().url}/v1/shows`);
  assert.ok(
    await waitUntil(async () => (await call(`${world.api().url}/v1/shows`)).status === 503, {
      limitMs: 10_000,
    }),
    String(refused.status),
  );
  await world.redis.hset('onsale:settings', 'pair', id);
  assert.ok(
    await waitUntil(async () => (await call(`${world.api().opsUrl}/readyz`)).status === 200, {
      limitMs: 20_000,
    }),
  );
  await world.sellOne('again');
});

test('every promise was kept', async () => {
  await untilDecided(world.backends.urls);
  const { faults } = await audit(world.backends.urls);
  for (const [promise, found] of Object.entries(faults)) assert.equal(found.slice(0, 3), [], promise);
});
