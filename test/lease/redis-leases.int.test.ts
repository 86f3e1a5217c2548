import { patience } from '../../infra/local/wait-until.ts';
import { leaseContract } from '../contract/lease.contract.ts';
import { assert, suite } from '../support/suite.ts';
import { redisWorlds } from './redis-world.ts';

const worlds = redisWorlds();
// The time limit of a command is a quarter of the TTL. With a much shorter TTL, a busy machine would look
// like a server that is away.
const small = { ttlMs: 2_400, partitions: 8 };

const contract = suite('the lease contract, on Redis');
contract.before(worlds.start);
leaseContract(contract, () => worlds.newWorld(small));

const test = suite('leases on Redis');
test.after(worlds.remove);

test('the key holds exactly the token, for no longer than the TTL', async () => {
  const world = await worlds.newWorld({ ttlMs: 3_000, partitions: 8 });
  const acquired = await world.leases('a').acquire(5);
  assert.is(await world.redis.get('onsale:{5}:lease'), acquired?.lease.token);
  const leftMs = await world.redis.pttl('onsale:{5}:lease');
  assert.ok(leftMs > 0 && leftMs <= 3_000);
  await world.close();
});

test('a lease whose reply was lost is ours at the next attempt', async () => {
  const world = await worlds.newWorld({ ttlMs: 2_400, partitions: 8 });
  const a = world.leases('a');
  // Redis delays its replies for longer than our time limit, and executes the commands afterwards.
  await world.redis.client('PAUSE', 800, 'ALL');
  await a.acquire(0).then(
    () => assert.unreachable('it was answered although Redis was paused'),
    (error: Error) => assert.match(error.message, /did not answer/),
  );
  await world.redis.ping();
  const heldBy = await world.redis.get('onsale:{0}:lease');
  const again = await a.acquire(0);
  assert.type(heldBy, 'string');
  assert.is(again?.lease.token, heldBy);
  await world.close();
});

test('scripts forgotten by the server are sent again', async () => {
  const world = await worlds.newWorld(small);
  const a = world.leases('a');
  const acquired = await a.acquire(0);
  await world.redis.script('FLUSH');
  assert.ok(acquired && (await a.renew(acquired.lease)));
  assert.is(await a.acquire(0), undefined);
  await world.close();
});

test('a member that was last seen in the future is not live', async () => {
  const world = await worlds.newWorld(small);
  await world.redis.hset('onsale:{members}:projectors', 'ghost', `3:${Date.now() + 60_000}`);
  const live = await world.members().heartbeat({ id: 'a', held: 0 });
  assert.equal(live, [{ id: 'a', held: 0 }]);
  await world.close();
});

test('with a server that is away every method throws, and within a third of the TTL', async () => {
  const world = await worlds.newWorld({ ttlMs: 3_000, partitions: 8 });
  const a = world.leases('a');
  const lease = { partition: 0, token: 'a:0' };
  await worlds.server().kill('SIGSTOP');
  const startedMs = performance.now();
  const attempts = [a.acquire(0), a.renew(lease), a.release(lease), a.free(), world.members().leave('a')];
  const settled = await Promise.allSettled(attempts);
  const tookMs = performance.now() - startedMs;
  await worlds.server().kill('SIGCONT');
  for (const { status } of settled) assert.is(status, 'rejected');
  assert.ok(tookMs < 1_000 * patience(), `took ${tookMs} ms`);
  await world.close();
});
