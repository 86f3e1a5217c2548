import { waitUntil } from '../../infra/local/wait-until.ts';
import { realClock } from '../../src/cli/system.ts';
import type { ReservationId } from '../../src/domain/ids.ts';
import type { PartitionLog } from '../../src/log/contract.ts';
import { boardKey } from '../../src/log/keys.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { opening, reservationId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { backlog, one, soldInOrder } from './backlog.ts';
import { openFixture, type ProjectorFixture, partition, work } from './projector-fixture.ts';

const test = suite('telling while the next batch is being committed, on real servers');

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture({ batchMax: 2 });
});
test.after.each(() => it.close());

/** Records every published outcome. One that is published before it is in the tables is an error. */
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
  const owned = await backlog(it, opening({ stalls: 9 }), numbers.map(one), { log });
  await work(owned);
  assert.equal(early, []);
  assert.equal(
    told,
    numbers.map((n) => reservationId(n)),
  );
});

test('an owner that leaves in the middle of a backlog publishes what it committed', async () => {
  const { log, told } = listening();
  const { lease, ...dependencies } = await backlog(it, opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), {
    log,
  });
  const store: PartitionStore = {
    ...it.store,
    commit: async (batch) => {
      running.stop();
      return await it.store.commit(batch);
    },
  };
  const running = partitionWorker({ ...dependencies, store })(lease, () => true);
  assert.is(await running.ended, 'left');
  assert.equal(told, [reservationId(1), reservationId(2)]);
  await work(await it.own());
  await soldInOrder(it, { decisions: 6, confirmed: 5 });
});

test('an owner that cannot reach the database any more tells what is committed', async () => {
  const { log, told } = listening();
  const numbers = [1, 2, 3, 4, 5].map(one);
  const { lease, ...dependencies } = await backlog(it, opening({ stalls: 9 }), numbers, { log });
  let isAway = false;
  const store: PartitionStore = {
    ...it.store,
    commit: async (batch) => {
      const verdict = await it.store.commit(batch);
      isAway = true;
      return verdict;
    },
    stands: async (claim, position) => {
      if (isAway) throw new Error('the database is away');
      return await it.store.stands(claim, position);
    },
  };
  const running = partitionWorker({ ...dependencies, store, clock: everyChoreIsDue() })(lease, () => true);
  assert.ok(await waitUntil(async () => told.length > 0, { limitMs: 5_000, everyMs: 5 }));
  assert.equal(told, [reservationId(1), reservationId(2)]);
  running.stop();
  await running.ended;
});

/** Between any two readings of this clock a second has passed. */
const everyChoreIsDue = () => {
  let looks = 0;
  const monotonicMs = (): number => {
    looks += 1;
    return realClock.monotonicMs() + looks * 1_000;
  };
  return { ...realClock, monotonicMs };
};

test('boards are never marked complete while a show that has opened is without one', async () => {
  const unseen: string[] = [];
  const log: PartitionLog = {
    ...it.log,
    // It takes longer than everything that maintenance does before it marks the boards.
    publish: async (request) => {
      for (let n = 0; n < 100; n += 1) await it.redis.ping();
      await it.log.publish(request);
    },
    markBoardsComplete: async (task) => {
      for (const showId of (await it.store.ledgersOfPartition(partition, { limit: 10 })).ledgers.keys())
        if ((await it.redis.exists(boardKey(partition, showId))) === 0) unseen.push(showId);
      await it.log.markBoardsComplete(task);
    },
  };
  const { lease, ...dependencies } = await it.own({ log });
  for (const request of [opening({ stalls: 9 }), one(1), one(2), one(3), one(4)]) await it.append(request);
  let commits = 0;
  const store: PartitionStore = {
    ...it.store,
    commit: async (batch) => {
      commits += 1;
      if (commits === 3) running.stop();
      return await it.store.commit(batch);
    },
  };
  const running = partitionWorker({ ...dependencies, store, clock: everyChoreIsDue() })(lease, () => true);
  await running.ended;
  assert.is(commits, 3);
  assert.equal(unseen, []);
});
