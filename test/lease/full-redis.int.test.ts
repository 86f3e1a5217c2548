import { assert, suite } from '../support/suite.ts';
import { redisWorlds } from './redis-world.ts';

const test = suite('leases on a full Redis');
const worlds = redisWorlds({ maxmemory: '3mb' });
test.before(worlds.start);
test.after(worlds.remove);

test('everything works although no more can be written', async () => {
  const world = await worlds.newWorld({ ttlMs: 3_000, partitions: 4 });
  const isFull = (size: number) => (): Promise<boolean> =>
    world.redis.rpush('filler', 'x'.repeat(size)).then(
      () => false,
      (error: Error) => error.message.startsWith('OOM'),
    );
  // Fills the memory completely: a refused big value leaves room for many small ones.
  for (const size of [100_000, 5_000, 100]) assert.ok(await world.until(isFull(size)));
  const a = world.leases('a');
  const acquired = await a.acquire(0);
  assert.ok(acquired);
  assert.type(await a.renew(acquired.lease), 'number');
  await a.release(acquired.lease);
  assert.equal(await a.free(), [0, 1, 2, 3]);
  assert.equal(await world.members().heartbeat({ id: 'a', held: 0 }), [{ id: 'a', held: 0 }]);
  await world.members().leave('a');
  assert.ok(await isFull(1)(), 'it was full all the time');
  await world.close();
});
