import { assert, suite } from '../support/suite.ts';
import { newArena, partitions, ttlMs } from './arena.ts';

const test = suite('competing when something goes wrong, in virtual time');

test('an unreachable server: leases end by their deadline, one line is logged, all is taken again after', async () => {
  const { clock, server, join } = newArena();
  const a = join('a');
  await clock.advance(1_000);
  server.setReachable(false);
  await clock.advance(2 * ttlMs);
  assert.is(a.held().length, 0);
  assert.ok(a.work.all.every(({ isHeld, stopped }) => stopped && !isHeld()));
  await clock.advance(60_000);
  assert.is(a.log.saying('does not answer').length, 1);
  server.setReachable(true);
  await clock.advance(1_500);
  assert.is(a.held().length, partitions);
  assert.is(a.log.saying('answers again').length, 1);
  await a.stop();
});

test('a short outage costs no lease', async () => {
  const { clock, server, join } = newArena();
  const a = join('a');
  await clock.advance(1_000);
  server.setReachable(false);
  await clock.advance(ttlMs / 3);
  server.setReachable(true);
  await clock.advance(10_000);
  assert.is(a.work.all.length, partitions);
  await a.stop();
});

test('a lease the server has forgotten is lost at the next renewal, and taken anew', async () => {
  const { clock, server, join } = newArena();
  const a = join('a');
  await clock.advance(100);
  const [work] = a.work.all;
  assert.ok(work);
  server.forget(work.lease.partition);
  await clock.advance(ttlMs / 3 + 250);
  assert.ok(work.stopped && !work.isHeld());
  await clock.advance(1_000);
  assert.is(a.held().length, partitions);
  await a.stop();
});

test('work without progress loses its lease to one that gets on, and cools down', async () => {
  const { clock, server, join, stalledSince } = newArena();
  const [a, b] = [join('a'), join('b')];
  await clock.advance(3_000);
  const partition = a.held()[0] ?? -1;
  stalledSince.set(partition, clock.monotonicMs());
  await clock.advance(2 * ttlMs - 300);
  assert.is(server.holder(partition), 'a');
  await clock.advance(300 + 250);
  assert.ok(!a.held().includes(partition));
  stalledSince.clear();
  await clock.advance(1_000);
  assert.is(server.holder(partition), 'b');
  assert.is(a.log.saying(`partition ${partition} makes no progress`).length, 1);
  await clock.advance(5 * ttlMs);
  assert.equal([a.held().length, b.held().length], [8, 8]);
  await Promise.all([a.stop(), b.stop()]);
});

/** A single competitor has released all leases, because none of its work made progress. */
const givenUpByAll = async () => {
  const { clock, join, stalledSince } = newArena();
  const a = join('a');
  await clock.advance(100);
  for (let partition = 0; partition < partitions; partition += 1)
    stalledSince.set(partition, clock.monotonicMs());
  await clock.advance(2 * ttlMs + 500);
  assert.is(a.held().length, 0);
  return { clock, a };
};

test('what made no progress without a server is tried again as soon as that is back', async () => {
  const { clock, a } = await givenUpByAll();
  a.tryAgain();
  await clock.advance(50);
  assert.is(a.held().length, partitions);
  await clock.advance(ttlMs);
  assert.is(a.held().length, partitions, 'the time without it counts no more');
  await a.stop();
});

test('what made no progress is worked again when nobody else takes it, although nobody says that a server is back', async () => {
  const { clock, a } = await givenUpByAll();
  await clock.advance(1_000);
  assert.is(a.held().length, partitions);
  await a.stop();
});

test('work that hangs and does not even stop loses its lease by expiry', async () => {
  const { clock, server, join, stalledSince } = newArena();
  const a = join('a', { obeys: () => false });
  await clock.advance(100);
  stalledSince.set(7, clock.monotonicMs());
  await clock.advance(3 * ttlMs + 500);
  assert.is(server.holder(7), undefined);
  assert.is(a.log.saying('work on partition 7 did not end in time').length, 1);
  const b = join('b');
  await clock.advance(1_000);
  assert.is(server.holder(7), 'b');
  const stopped = Promise.all([a.stop(), b.stop()]);
  await clock.advance(ttlMs);
  await stopped;
});

test('one whose every partition cools down leaves the whole to the others', async () => {
  const { clock, join, stalledSince } = newArena();
  const [a, b] = [join('a'), join('b')];
  await clock.advance(3_000);
  for (const partition of a.held()) stalledSince.set(partition, clock.monotonicMs());
  await clock.advance(2 * ttlMs + 250);
  stalledSince.clear();
  // At once: it must not wait for the time after which any competitor may take a free lease.
  await clock.advance(50);
  assert.equal([a.held().length, b.held().length], [0, partitions]);
  await clock.advance(5 * ttlMs);
  assert.equal([a.held().length, b.held().length], [8, 8]);
  await Promise.all([a.stop(), b.stop()]);
});

test('fenced is said, the lease given back and competed for again', async () => {
  const { clock, server, join } = newArena();
  const a = join('a');
  await clock.advance(100);
  a.work.on(4)?.end('fenced');
  await clock.advance(10);
  assert.is(server.holder(4), undefined);
  assert.equal(a.log.saying('fenced'), ['fenced: another projector claimed partition 4']);
  await clock.advance(600);
  assert.ok(a.held().includes(4));
  await a.stop();
});

test('work that ends at once, again and again, is not started in a storm', async () => {
  const { clock, join } = newArena();
  const a = join('a');
  await clock.advance(100);
  for (let ms = 0; ms < 5_000; ms += 50) {
    a.work.on(4)?.end('fenced');
    await clock.advance(50);
  }
  const started = a.work.all.filter(({ lease }) => lease.partition === 4).length;
  assert.ok(started >= 5 && started <= 21, `started ${started} times`);
  await a.stop();
});

test('a partition this version cannot work rests for 30 s and goes to one that can', async () => {
  const { clock, server, join } = newArena();
  const [a, b] = [join('a'), join('b')];
  await clock.advance(3_000);
  const partition = a.held()[0] ?? -1;
  const started = b.work.all.length + a.work.all.length;
  a.work.on(partition)?.end('unable');
  await clock.advance(22_000);
  assert.is(server.holder(partition), 'b');
  assert.equal(a.unable(), [partition]);
  assert.is(b.work.all.length + a.work.all.length, started + 1, 'only this one changed hands');
  await clock.advance(15_000);
  assert.equal(a.unable(), []);
  assert.equal([a.held().length, b.held().length], [8, 8]);
  await Promise.all([a.stop(), b.stop()]);
});

test('work that hangs on without a lease counts as used: nothing else changes hands for it', async () => {
  const { clock, server, join, stalledSince } = newArena();
  const hanging = new Set<number>();
  const a = join('a', { obeys: (partition) => !hanging.has(partition) });
  const b = join('b');
  await clock.advance(3_000);
  const started = b.work.all.length + a.work.all.length;
  const partition = a.held()[0] ?? -1;
  hanging.add(partition);
  stalledSince.set(partition, clock.monotonicMs());
  await clock.advance(2 * ttlMs + 250);
  stalledSince.clear();
  await clock.advance(60_000);
  assert.is(server.holder(partition), 'b');
  assert.is(b.work.all.length + a.work.all.length, started + 1);
  a.work.on(partition)?.end('left');
  await clock.advance(3_000);
  assert.equal([a.held().length, b.held().length], [8, 8]);
  await Promise.all([a.stop(), b.stop()]);
});
