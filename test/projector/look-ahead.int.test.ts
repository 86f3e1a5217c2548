import type { ReservationId } from '../../src/domain/ids.ts';
import type { RequestEvent, ShowOpeningRequested } from '../../src/domain/requests.ts';
import type { PartitionLog, ReadVerdict } from '../../src/log/contract.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { step } from '../../src/projector/step.ts';
import type { Verdict } from '../../src/projector/verdict.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import type { CommitVerdict, PartitionStore } from '../../src/store/contract.ts';
import { cancelling, changing } from '../domain/ask.ts';
import { request as ask, line, opening, reservationId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { openFixture, type ProjectorFixture } from './projector-fixture.ts';

const test = suite('reading and deciding ahead of a commit, on real servers');

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture({ batchMax: 2 });
});
test.after.each(() => it.close());

const one = (n: number): RequestEvent => ask(n, [line('stalls', 1)]);

/** The show is open and its owner has nothing to do; then all of these are on the stream at once. */
const backlog = async (
  show: ShowOpeningRequested,
  requests: readonly RequestEvent[],
  faults: Parameters<ProjectorFixture['own']>[0] = {},
): Promise<OwnedPartition> => {
  await it.append(show);
  const owned = await it.own(faults);
  await work(owned);
  for (const request of requests) await it.append(request);
  return owned;
};

/** Steps until there is nothing to do, as the loop would; errors of the world are tried again. */
const work = async (owned: OwnedPartition): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (let turns = 0; turns < 30; turns += 1) {
    const verdict = await step(owned).catch((error: Error): Verdict => ({ type: 'retry', error }));
    verdicts.push(verdict);
    if (verdict.type === 'idle') break;
  }
  return verdicts;
};

/** Nothing is lost, twice, out of order or refused while there was room; so many places are taken. */
const keptPromises = async (decisions: number, confirmed: number): Promise<void> => {
  const found = await it.audit();
  for (const [promise, faults] of Object.entries(found.faults)) assert.equal(faults, [], promise);
  assert.is(found.parked, 0);
  assert.is(found.decisions, decisions);
  assert.equal([...found.confirmedByShow.values()], [confirmed]);
};

/** Once `begin` is called, what the n-th read from there answers is another thing. */
const readingOtherwise = (nth: number, answer: (verdict: ReadVerdict) => ReadVerdict) => {
  let reads = Number.NEGATIVE_INFINITY;
  const read: PartitionLog['read'] = async (request) => {
    reads += 1;
    const verdict = await it.log.read(request);
    return reads === nth ? answer(verdict) : verdict;
  };
  return { log: { ...it.log, read }, begin: () => (reads = 0) };
};

/** Once `begin` is called, the n-th commit from there ends otherwise, and is not carried out. */
const committingOtherwise = (nth: number, verdict: CommitVerdict) => {
  let commits = Number.NEGATIVE_INFINITY;
  const commit: PartitionStore['commit'] = async (batch) => {
    commits += 1;
    return commits === nth ? verdict : await it.store.commit(batch);
  };
  return { store: { ...it.store, commit }, begin: () => (commits = 0) };
};

test('in a backlog the next batch is read while one is committed, and committed right behind it', async () => {
  const calls: string[] = [];
  const log: PartitionLog = {
    ...it.log,
    read: (request) => {
      calls.push('read');
      return it.log.read(request);
    },
  };
  const store: PartitionStore = {
    ...it.store,
    commit: async (batch) => {
      calls.push('commit');
      const verdict = await it.store.commit(batch);
      calls.push('committed');
      return verdict;
    },
  };
  const owned = await backlog(opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), { log, store });
  calls.length = 0;
  await step(owned);
  assert.equal(calls.toSorted(), ['commit', 'committed', 'read', 'read']);
  assert.is(calls.at(-1), 'committed');
  assert.is(owned.ahead?.decided?.journal.length, 2);
  await work(owned);
  await keptPromises(6, 5);
});

test('a batch that is not full has nothing behind it, and nobody looks', async () => {
  const owned = await backlog(opening({ stalls: 9 }), [one(1)]);
  await step(owned);
  assert.is(owned.ahead, undefined);
  await keptPromises(2, 1);
});

test('what was decided ahead counts what the batch in front took', async () => {
  const owned = await backlog(opening({ stalls: 3 }), [1, 2, 3, 4, 5].map(one));
  await work(owned);
  await keptPromises(6, 3);
});

test('the limit per customer counts it too', async () => {
  const owned = await backlog(opening({ stalls: 9 }, { maxPerCustomer: 3 }), [1, 2, 3, 4, 5].map(one));
  await work(owned);
  await keptPromises(6, 3);
});

test('who cancels what is only being committed gives its places to the next', async () => {
  const owned = await backlog(opening({ stalls: 2 }), [one(1), one(2), cancelling(1), one(3)]);
  await work(owned);
  await keptPromises(5, 2);
});

test('a limit that comes while others are being committed counts what they took', async () => {
  const limit = changing({ rules: { maxPerCustomer: 2 } });
  const owned = await backlog(opening({ stalls: 9 }), [one(1), one(2), limit, one(3)]);
  await work(owned);
  await keptPromises(5, 2);
});

test('a commit that fails takes along what was decided behind it, and skips nothing', async () => {
  const failing = committingOtherwise(1, { type: 'retry', error: new Error('the disk is full') });
  const owned = await backlog(opening({ stalls: 3 }), [1, 2, 3, 4, 5].map(one), failing);
  failing.begin();
  await work(owned);
  await keptPromises(6, 3);
});

test('a batch that has to be decided again takes along what was decided behind it', async () => {
  // Expected at first: two more places for the two in the middle, and none for the last two.
  const owned = await backlog(opening({ stalls: 4 }), [one(1), one(2), one(1), one(3), one(4), one(5)]);
  await work(owned);
  await keptPromises(6, 4);
});

test('a hold that is due before the next batch lapses before it is decided', async () => {
  const later = readingOtherwise(2, (read) =>
    read.type === 'read' ? { ...read, nowMs: read.nowMs + 5_000 } : read,
  );
  const owned = await backlog(opening({ stalls: 2 }, { holdSeconds: 1 }), [1, 2, 3, 4].map(one), later);
  later.begin();
  await work(owned);
  const found = await it.audit();
  assert.equal(found.faults.undersold, []);
  const statuses = await it.store.reservations([1, 2, 3, 4].map((n) => reservationId(n)));
  assert.equal(
    [1, 2, 3, 4].map((n) => statuses.get(reservationId(n))?.status),
    ['expired', 'expired', 'held', 'held'],
  );
});

test('a lost reply to a read ahead skips nothing', async () => {
  const losing = readingOtherwise(2, () => {
    throw new Error('the reply was lost');
  });
  const owned = await backlog(opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), losing);
  losing.begin();
  await work(owned);
  await keptPromises(6, 5);
});

test('a server that was found to be another one while reading ahead is said to be so', async () => {
  const reconnecting = readingOtherwise(2, () => ({ type: 'reconnected' }));
  const owned = await backlog(opening({ stalls: 9 }), [1, 2, 3].map(one), reconnecting);
  reconnecting.begin();
  assert.is((await step(owned)).type, 'committed');
  assert.is((await step(owned)).type, 'retry');
  await work(owned);
  await keptPromises(4, 3);
});

test('nothing is read ahead of late entries: an owner that dies over them loses none', async () => {
  const failing = committingOtherwise(1, { type: 'retry', error: new Error('the disk is full') });
  const owned = await backlog(opening({ stalls: 9 }), [], failing);
  await it.failOver();
  for (const n of [1, 2, 3, 4]) await it.append(one(n), `7-${n}`);
  owned.reset = true;
  failing.begin();
  assert.is((await step(owned)).type, 'retry');
  await work(await it.own());
  const found = await it.audit();
  assert.equal(found.faults.lost, []);
  assert.is(found.decisions, 5);
});

/** Notes who was told; whoever is told of what is not in the tables yet, was told too early. */
const listening = () => {
  const told: ReservationId[] = [];
  const early: ReservationId[] = [];
  const log: PartitionLog = {
    ...it.log,
    publish: async (request) => {
      const ids = request.outcomes.flatMap((it) => (it.type === 'reservation' ? it.reservation.id : []));
      const known = await it.store.reservations(ids);
      told.push(...ids);
      early.push(...ids.filter((id) => !known.has(id)));
      await it.log.publish(request);
    },
  };
  return { log, told, early };
};

test('everybody is told, in order, and nobody before the commit', async () => {
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  const { log, told, early } = listening();
  const owned = await backlog(opening({ stalls: 9 }), numbers.map(one), { log });
  await work(owned);
  assert.equal(early, []);
  assert.equal(
    told,
    numbers.map((n) => reservationId(n)),
  );
});

test('an owner that leaves in the middle of a backlog leaves nobody untold', async () => {
  const { log, told } = listening();
  const { lease, ...dependencies } = await backlog(opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), { log });
  const store: PartitionStore = {
    ...it.store,
    commit: async (batch) => {
      tenancy.stop();
      return await it.store.commit(batch);
    },
  };
  const tenancy = partitionWorker({ ...dependencies, store })(lease, () => true);
  assert.is(await tenancy.ended, 'left');
  assert.equal(told, [reservationId(1), reservationId(2)]);
  await work(await it.own());
  await keptPromises(6, 5);
});
