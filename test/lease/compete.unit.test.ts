import { assert, suite } from '../support/suite.ts';
import { newArena, partitions, ttlMs } from './arena.ts';

const test = suite('competing, in virtual time');

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

test('one alone holds everything at once', async () => {
  const { clock, join } = newArena();
  const a = join('a');
  await clock.advance(10);
  assert.is(a.held().length, partitions);
  await a.stop();
});

test('shares even out when others join, and then stay where they are', async () => {
  const { clock, join, counts } = newArena();
  const a = join('a');
  await clock.advance(1_000);
  const [b, c] = [join('b'), join('c')];
  await clock.advance(3_000);
  assert.equal([...counts()].sort(), [5, 5, 6]);
  const started = [a, b, c].map(({ work }) => work.all.length);
  await clock.advance(60_000);
  assert.equal(
    [a, b, c].map(({ work }) => work.all.length),
    started,
  );
  for (const rival of [a, b, c]) await rival.stop();
});

test('what one held that stops is held by the others within 250 ms', async () => {
  const { clock, join, counts } = newArena();
  const [a, b] = [join('a'), join('b')];
  await clock.advance(3_000);
  await a.stop();
  await clock.advance(250);
  assert.equal(counts(), [0, partitions]);
  await b.stop();
});

test('nobody ever works a partition while another holds its lease', async () => {
  const { clock, server, join } = newArena();
  const rivals = ['a', 'b', 'c', 'd'].map((id) => ({ id, ...join(id) }));
  for (let step = 0; step < 100; step += 1) {
    await clock.advance(70);
    if (step === 40) await rivals[0]?.stop();
    for (const { id, held } of rivals)
      for (const partition of held()) assert.is(server.holder(partition), id);
  }
  assert.is(sum(rivals.map(({ held }) => held().length)), partitions);
  for (const rival of rivals) await rival.stop();
});

test('a lease is held by its holder for as long as the server answers', async () => {
  const { clock, join } = newArena();
  const a = join('a');
  await clock.advance(60_000);
  assert.is(a.work.all.length, partitions);
  assert.ok(a.work.all.every(({ isHeld }) => isHeld()));
  await a.stop();
});

test('stopping waits for the step in hand, and releases only after it', async () => {
  const { clock, server, join } = newArena();
  const a = join('a', { obeys: () => false });
  await clock.advance(100);
  let done = false;
  const stopped = a.stop().then(() => {
    done = true;
  });
  await clock.advance(500);
  assert.ok(a.work.all.every(({ stopped: told, isHeld }) => told && isHeld()));
  assert.is(server.holder(0), 'a');
  a.work.on(0)?.end('left');
  await clock.advance(1);
  assert.is(server.holder(0), undefined);
  assert.is(server.holder(1), 'a');
  assert.not(done);
  for (const work of a.work.current()) work.end('left');
  await stopped;
  assert.is(clock.sleepers(), 0);
});

test('stopping does not wait for work that never ends, and does not release its lease', async () => {
  const { clock, server, join } = newArena();
  const a = join('a', { obeys: () => false });
  await clock.advance(100);
  for (const work of a.work.current()) if (work.lease.partition !== 9) work.end('left');
  const stopped = a.stop();
  await clock.advance(ttlMs);
  await stopped;
  assert.is(a.log.saying('work on partition 9 did not end in time').length, 1);
  assert.is(clock.sleepers(), 0);
  assert.is(server.holder(9), undefined);
});

test('stopping while the server is unreachable ends all the same', async () => {
  const { clock, server, join } = newArena();
  const a = join('a');
  await clock.advance(100);
  server.setReachable(false);
  await a.stop();
  assert.ok(a.work.all.every(({ stopped }) => stopped));
  assert.is(clock.sleepers(), 0);
});

test('with more projectors than partitions each partition is held once and the rest wait', async () => {
  const { clock, join, counts } = newArena();
  const rivals = Array.from({ length: 20 }, (_, index) => join(`rival-${index}`));
  await clock.advance(10_000);
  assert.is(sum(counts()), partitions);
  assert.is(Math.max(...counts()), 1);
  await Promise.all(rivals.map((rival) => rival.stop()));
});

test('whatever is under way when it stops, nothing is held and nobody is live afterwards', async () => {
  for (let moment = 0; moment < 40; moment += 1) {
    const { clock, server, join } = newArena();
    const a = join('a');
    for (let tick = 0; tick < moment; tick += 1) await Promise.resolve();
    await a.stop();
    assert.is((await server.leases('x').free()).length, partitions, `stopped at moment ${moment}`);
    assert.is(a.work.current().length, 0);
    assert.is((await server.members().heartbeat({ id: 'x', held: 0 })).length, 1);
    assert.is(clock.sleepers(), 0);
  }
});
