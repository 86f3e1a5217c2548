import { audit } from '../support/audit.ts';
import { getReservation } from '../support/client.ts';
import { startOnsale } from '../support/onsale.ts';
import { untilDecided } from '../support/partitions.ts';
import { startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { copyOf, env, idInMysql, newDatabase, type PairWorld, startPairWorld } from './pair-world.ts';

const test = suite('onsale adopt', { timeoutMs: 90_000 });

let world: PairWorld;

test.before(async () => {
  world = await startPairWorld();
});

test.after(() => world?.close());

test('adopt refuses while somebody works', async () => {
  const { code, output } = await world.run(['adopt', '--yes']);
  assert.is(code, 1, output);
  assert.match(output, 'still work on');
});

test('Redis emptied before a start: refused until adopted; then it goes on with what the database knows', async () => {
  const id = await world.sellOne('before the loss');
  await world.stop();
  await world.redis.flushall();
  const refused = await world.run(['serve', 'projector']);
  assert.is(refused.code, 1);
  assert.match(refused.output, /is empty, and .* has decided before: .*onsale adopt/);
  const asked = await world.run(['adopt']);
  assert.is(asked.code, 3, asked.output);
  assert.match(asked.output, 'its stream is gone');
  assert.is(await world.idInRedis(), null);
  const pair = await idInMysql(world.backends.urls.databaseUrl);
  const adopted = await world.run(['adopt', '--yes']);
  assert.is(adopted.code, 0, adopted.output);
  assert.is(await world.idInRedis(), pair);
  await world.start();
  assert.is((await getReservation(world.api().url, id, 'before the loss')).body['status'], 'confirmed');
  await world.sellOne('after the adoption');
});

test('a pair that moves to another Redis leaves the old one marked', async () => {
  await world.stop();
  const other = await startOwnRedis();
  try {
    const { code, output } = await world.run(
      ['adopt', '--yes', '--moved-from', world.backends.urls.redisUrl],
      {
        REDIS_URL: other.url,
      },
    );
    assert.is(code, 0, output);
    const stale = await world.run(['serve', 'projector']);
    assert.is(stale.code, 1);
    assert.match(stale.output, 'was left by its pair');
    const back = await world.run(['adopt', '--yes', '--moved-from', other.url]);
    assert.is(back.code, 0, back.output);
  } finally {
    await other.remove();
  }
  await world.start();
});

test('a clone gets an id of its own, and is refused at the Redis of the original', async () => {
  const clone = await copyOf(world.backends.urls.databaseUrl);
  const staging = await startOwnRedis();
  try {
    const { code, output } = await world.run(['adopt', '--new', '--yes'], {
      DATABASE_URL: clone.url,
      REDIS_URL: staging.url,
    });
    assert.is(code, 0, output);
    assert.is.not(await idInMysql(clone.url), await idInMysql(world.backends.urls.databaseUrl));
    const wrong = await world.run(['serve', 'projector'], { DATABASE_URL: clone.url });
    assert.is(wrong.code, 1);
    assert.match(wrong.output, 'belongs to the pair');
    const works = await startOnsale({
      roles: ['projector'],
      redisUrl: staging.url,
      databaseUrl: clone.url,
      env,
    });
    assert.is(await works.stop(), 0);
  } finally {
    await staging.remove();
    await clone.drop();
  }
});

test('a projector from before ids is taken over, by what streams and journal say; streams of another journal are not', async () => {
  await world.stop();
  await world.redis.hdel('onsale:settings', 'pair');
  const adopting = await startOnsale({ roles: ['projector'], ...world.backends.urls, env });
  assert.is(await world.idInRedis(), await idInMysql(world.backends.urls.databaseUrl));
  assert.ok(adopting.log.some((line) => line.includes('because streams and journal agree')));
  await adopting.stop();
  await world.redis.hdel('onsale:settings', 'pair');
  const other = await newDatabase(world);
  try {
    const fresh = await world.run(['serve', 'projector'], { DATABASE_URL: other.url });
    assert.is(fresh.code, 1);
    assert.match(fresh.output, 'has never decided anything');
  } finally {
    await other.drop();
  }
  await world.start();
});

test('every promise was kept', async () => {
  await untilDecided(world.backends.urls);
  const { faults } = await audit(world.backends.urls);
  for (const [promise, found] of Object.entries(faults)) assert.equal(found.slice(0, 3), [], promise);
});
