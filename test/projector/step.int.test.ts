import { keysOf } from '../../src/log/keys.ts';
import { step } from '../../src/projector/step.ts';
import { request as ask, line, opening } from '../domain/generate.ts';
import { claimFor } from '../store/claim-for.ts';
import { assert, suite } from '../support/suite.ts';
import {
  keptPromises,
  losingOneReply,
  openFixture,
  type ProjectorFixture,
  partition,
  work,
} from './projector-fixture.ts';

const test = suite('one step of the loop, on real servers');

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture();
});
test.after.each(() => it.close());

const capacity = 10;
const openStalls = () => it.append(opening({ stalls: capacity }));
const askFor = async (...numbers: readonly number[]): Promise<void> => {
  for (const n of numbers) await it.append(ask(n, [line('stalls', 1)]));
};

test('a lost reply to a read skips nothing', async () => {
  await openStalls();
  await askFor(1, 2, 3);
  const owned = await it.own({ log: losingOneReply(it.log, 'read') });
  await work(owned);
  keptPromises(await it.audit(), 4);
});

test('a lost reply to a commit applies it once', async () => {
  await openStalls();
  await askFor(1, 2, 3);
  const owned = await it.own({ store: losingOneReply(it.store, 'commit') });
  const verdict = await work(owned);
  // The position differs from the one it knows, so it must stop. The next owner finds every request decided.
  assert.is(verdict.type, 'fenced');
  await askFor(4);
  await work(await it.own());
  keptPromises(await it.audit(), 5);
});

test('a lost reply to publishing changes nothing that was committed', async () => {
  await openStalls();
  await askFor(1);
  await work(await it.own({ log: losingOneReply(it.log, 'publish') }));
  keptPromises(await it.audit(), 2);
});

test('an entry appended twice is decided once and takes its places once', async () => {
  await openStalls();
  await askFor(1, 1, 2);
  const owned = await it.own();
  await work(owned);
  await askFor(2, 3, 1);
  await work(owned);
  const found = await it.audit();
  keptPromises(found, 4);
  assert.equal([...found.confirmedByShow.values()], [3]);
});

test('a show opened twice is opened once, and nothing is parked', async () => {
  await openStalls();
  const owned = await it.own();
  await work(owned);
  await openStalls();
  await askFor(1);
  await work(owned);
  const found = await it.audit();
  keptPromises(found, 2);
  assert.is(found.parked, 0);
});

test('a duplicate in front of the last places does not cost the one behind it', async () => {
  await openStalls();
  await askFor(1);
  const owned = await it.own();
  await work(owned);
  await askFor(1, 1, 1, ...Array.from({ length: capacity - 1 }, (_, n) => n + 2));
  await work(owned);
  assert.equal([...(await it.audit()).confirmedByShow.values()], [capacity]);
});

test('what a dead owner had read and not committed is decided before anything newer', async () => {
  await openStalls();
  await askFor(1, 2);
  const dead = await it.own();
  await it.log.lift({ partition, leaseToken: dead.lease.token, ...dead.progress, inFlightMax: 0 });
  const { lease, progress } = dead;
  const read = await it.log.read({
    partition,
    leaseToken: lease.token,
    count: 2,
    watermark: progress.watermark,
    reset: true,
  });
  assert.is(read.type === 'read' && read.entries.length, 2);
  await askFor(3);
  await work(await it.own());
  keptPromises(await it.audit(), 4);
});

test('an owner whose claim was superseded commits nothing', async () => {
  await openStalls();
  const paused = await it.own();
  await work(paused);
  await askFor(1, 2);
  // The other one claims in MySQL only, so the paused owner still has its lease and reads.
  await claimFor(it.store, partition, 'another');
  assert.is((await step(paused)).type, 'fenced');
  assert.is((await it.audit()).decisions, 1);
});

test('an owner without the lease reads nothing', async () => {
  await openStalls();
  const former = await it.own();
  const owner = await it.own();
  assert.is((await step(former)).type, 'lease-lost');
  await work(owner);
  keptPromises(await it.audit(), 1);
});

test('a destroyed group is made again at the watermark', async () => {
  await openStalls();
  await askFor(1, 2);
  const owned = await it.own();
  await work(owned);
  await it.redis.xgroup('DESTROY', keysOf(partition).requests, 'projectors');
  await askFor(3);
  owned.reset = true;
  await work(owned);
  keptPromises(await it.audit(), 4);
});

test('entries that slipped below the watermark are decided late, and marked', async () => {
  await openStalls();
  await askFor(1);
  const owned = await it.own();
  await work(owned);
  await it.failOver();
  await it.append(ask(2, [line('stalls', 1)]), '7-1');
  await it.append(ask(3, [line('stalls', 1)]), '7-2');
  owned.reset = true;
  await work(owned);
  const found = await it.audit();
  assert.equal(found.faults.lost, []);
  assert.is(found.decisions, 4);
});

test('late entries that a dead owner had read are not lost to the group moving past them', async () => {
  await openStalls();
  await askFor(1);
  await work(await it.own());
  await it.failOver();
  await it.append(ask(2, [line('stalls', 1)]), '7-1');
  await it.append(ask(3, [line('stalls', 1)]), '7-2');
  const dead = await it.own();
  const { lease, progress } = dead;
  await it.log.read({
    partition,
    leaseToken: lease.token,
    count: 1,
    watermark: progress.watermark,
    reset: true,
  });
  await work(await it.own());
  assert.equal((await it.audit()).faults.lost, []);
});

test('a broken entry is parked, and what stands around it is decided in order', async () => {
  await openStalls();
  await askFor(1);
  await it.redis.xadd(keysOf(partition).requests, '*', 'v', '1', 'r', '{"broken":');
  await askFor(2);
  await work(await it.own());
  const found = await it.audit();
  keptPromises(found, 3);
  assert.is(found.parked, 1);
});

test('an entry of a newer version is left alone, and what stands in front of it is decided', async () => {
  await openStalls();
  await askFor(1);
  await it.redis.xadd(keysOf(partition).requests, '*', 'v', '99', 'r', '{}');
  await askFor(2);
  const verdict = await work(await it.own());
  assert.equal(verdict, { type: 'newer', version: 99 });
  const found = await it.audit();
  assert.is(found.decisions, 2);
  assert.is(found.parked, 0);
});

test('an entry the database refuses is found by halving and parked; all others are decided', async () => {
  await openStalls();
  await askFor(1, 2, 3, 4, 5);
  const refusing: typeof it.store = {
    ...it.store,
    commit: async (batch) =>
      batch.entries.some(
        ({ decision }) => 'reservationId' in decision && decision.reservationId.endsWith('0f4243'),
      )
        ? { type: 'refused', error: new Error('the third request is indigestible') }
        : await it.store.commit(batch),
  };
  await work(await it.own({ store: refusing }));
  const found = await it.audit();
  assert.equal([found.decisions, found.parked], [5, 1]);
  assert.equal(found.faults['out-of-order'], []);
});
