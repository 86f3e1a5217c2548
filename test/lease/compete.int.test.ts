import { type Competitor, compete } from '../../src/lease/compete.ts';
import { assert, suite } from '../support/suite.ts';
import { type FakeWorker, type LogBook, newFakeWorker, newLogBook } from './fake-worker.ts';
import { type RedisWorld, redisWorlds, systemClock } from './redis-world.ts';

const test = suite('competing on Redis');
const worlds = redisWorlds();
const everybody: Competitor[] = [];
test.before(worlds.start);
// Also after failed tests, or the process would never end.
test.after(async () => {
  await Promise.all(everybody.map((each) => each.stop()));
  await worlds.remove();
});

const partitions = 16;

interface Rival extends Competitor {
  readonly work: FakeWorker;
  readonly log: LogBook;
}

const join = (world: RedisWorld, id: string, { obeys = true } = {}): Rival => {
  const work = newFakeWorker({ obeys: () => obeys, lastProgressMs: systemClock.monotonicMs });
  const log = newLogBook();
  const { ttlMs } = world;
  const given = { id, partitions, ttlMs, clock: systemClock, random: Math.random };
  const room = { leases: world.leases(id), members: world.members() };
  const competitor = compete({ ...given, ...room, worker: work.worker, logger: log.logger });
  everybody.push(competitor);
  return { ...competitor, work, log };
};

const ownerOf = async (world: RedisWorld, partition: number): Promise<string | undefined> =>
  (await world.redis.get(`onsale:{${partition}}:lease`))?.split(':')[0];

test('three share evenly, and what one leaves the others take', async () => {
  const world = await worlds.newWorld({ ttlMs: 600, partitions });
  const rivals = ['a', 'b', 'c'].map((id) => join(world, id));
  const counts = (of: readonly Rival[]): readonly number[] => of.map(({ held }) => held().length).sort();
  assert.ok(await world.until(() => `${counts(rivals)}` === '5,5,6'), `${counts(rivals)}`);
  const [leaver, ...rest] = rivals;
  await leaver?.stop();
  assert.ok(await world.until(() => `${counts(rest)}` === '8,8'), `${counts(rest)}`);
  await Promise.all(rest.map((rival) => rival.stop()));
  assert.is((await world.leases('x').free()).length, partitions);
  await world.close();
});

test('a lone projector owns everything well before one TTL has passed', async () => {
  // With this TTL, the next round by itself would come only after four seconds.
  const world = await worlds.newWorld({ ttlMs: 60_000, partitions });
  const startedMs = performance.now();
  const alone = join(world, 'alone');
  assert.ok(await world.until(() => alone.held().length === partitions));
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < 4_000, `took ${tookMs} ms`);
  await alone.stop();
  await world.close();
});

test('stopping hands over by a nudge, not by waiting for the next look', async () => {
  // With this TTL, the next round by itself would come only after two seconds.
  const world = await worlds.newWorld({ ttlMs: 30_000, partitions });
  const [a, b] = [join(world, 'a'), join(world, 'b')];
  assert.ok(await world.until(() => a.held().length === 8 && b.held().length === 8));
  const startedMs = performance.now();
  await a.stop();
  assert.ok(await world.until(() => b.held().length === partitions));
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < 2_000, `took ${tookMs} ms`);
  await b.stop();
  await world.close();
});

test('one that falls silent is replaced when its leases have run out', async () => {
  const world = await worlds.newWorld({ ttlMs: 500, partitions });
  const dead = world.leases('dead');
  await world.members().heartbeat({ id: 'dead', held: 4 });
  for (const partition of [0, 1, 2, 3]) assert.ok(await dead.acquire(partition));
  const b = join(world, 'b');
  assert.ok(await world.until(() => b.held().length === partitions));
  await b.stop();
  await world.close();
});

test('work that does not stop keeps its lease until it runs out, and then loses it', async () => {
  const world = await worlds.newWorld({ ttlMs: 500, partitions });
  const stuck = join(world, 'stuck', { obeys: false });
  assert.ok(await world.until(() => stuck.held().length === partitions));
  const stopped = stuck.stop();
  const heir = join(world, 'heir');
  assert.is(await ownerOf(world, 0), 'stuck');
  assert.ok(await world.until(() => heir.held().length === partitions));
  await stopped;
  assert.is(stuck.log.saying('did not end in time').length, partitions);
  assert.ok(stuck.work.all.every(({ isHeld }) => !isHeld()));
  await heir.stop();
  await world.close();
});

test('a Redis that dies and comes back finds everybody competing again', async () => {
  const world = await worlds.newWorld({ ttlMs: 600, partitions });
  const [a, b] = [join(world, 'a'), join(world, 'b')];
  const even = (): boolean => a.held().length === 8 && b.held().length === 8;
  assert.ok(await world.until(even));
  await worlds.server().kill('SIGKILL');
  assert.ok(await world.until(() => a.held().length === 0 && b.held().length === 0));
  await worlds.server().restart();
  assert.ok(await world.until(even));
  for (const { log } of [a, b]) assert.is(log.saying('does not answer').length, 1);
  await Promise.all([a.stop(), b.stop()]);
  await world.close();
});
