import type { RequestEvent } from '../../src/domain/requests.ts';
import { beforeAll, newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import type { BoardUpdate, PartitionLog, ReadEntry } from '../../src/log/contract.ts';
import { fullRenewedEveryMs, unsettledMax } from '../../src/projector/boards.ts';
import { partitionWorker, retryPauses } from '../../src/projector/work-partition.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { cancelling } from '../domain/ask.ts';
import { opening, requestId } from '../domain/generate.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { newVirtualClock } from '../simulation/virtual-clock.ts';
import { assert, suite } from '../support/suite.ts';
import { asks, dependenciesOver } from './timeline.ts';

const test = suite('full boards while MySQL does not answer');

const renewals = 8;
const stalls = [{ id: 'stalls', mayReturn: false }];
const never = new Promise<never>(() => {});

const givesBack = () => cancelling(1, undefined, { requestId: requestId(99) });

/** The owner of a show whose only place is taken. What `store` has stands in front of the database from then on. */
const soldOut = async () => {
  const clock = newVirtualClock();
  const memory = newMemoryStore();
  const arrived: ReadEntry[] = [];
  const boards: BoardUpdate[] = [];
  const world: { isHeld: boolean; store: Partial<PartitionStore> } = { isHeld: true, store: {} };
  let lastId: StreamId = beforeAll;
  const read: PartitionLog['read'] = async () => {
    const entries = arrived.splice(0);
    lastId = entries.at(-1)?.streamId ?? lastId;
    return { type: 'read', entries, nowMs: clock.nowMs(), lastDelivered: lastId };
  };
  const given = dependenciesOver(
    memory,
    { read, publish: async (request) => void boards.push(...request.boards) },
    100,
  );
  const running = partitionWorker({
    ...given,
    clock,
    log: { ...given.log, waitForEntries: ({ timeoutMs, signal }) => clock.sleep(timeoutMs, signal) },
    store: {
      ...memory.store,
      commit: (batch) => (world.store.commit ?? memory.store.commit)(batch),
      stands: (claim, position) => (world.store.stands ?? memory.store.stands)(claim, position),
    },
  })({ partition: 0, token: 'ours' }, () => world.isHeld);
  let sequence = 0;
  const ask = async (request: RequestEvent): Promise<void> => {
    sequence += 1;
    arrived.push({ streamId: newStreamId(clock.nowMs(), sequence), content: { type: 'request', request } });
    await clock.advance(500);
  };
  await ask(opening({ stalls: 1 }));
  await ask(asks(1));
  return {
    ...{ world, running, clock, ask },
    /** What the boards said that were written in the time of some renewals. */
    said: async () => {
      const from = boards.length;
      await clock.advance(renewals * fullRenewedEveryMs);
      return boards.slice(from).map(({ full }) => full);
    },
    end: async () => {
      world.isHeld = false;
      running.stop();
      await clock.advance(5_000);
    },
  };
};

const eachTime = <Value>(value: Value): readonly Value[] => Array.from({ length: renewals }, () => value);

test('a commit without an answer: the show stays sold out at the door', async () => {
  const { world, ask, said, end } = await soldOut();
  world.store = { commit: () => never };
  await ask(asks(2));
  assert.equal(await said(), eachTime(stalls));
  await end();
});

test('the claim cannot be asked after: the show stays sold out at the door', async () => {
  const { world, said, end } = await soldOut();
  world.store = { stands: () => never };
  await said();
  assert.equal(await said(), eachTime(stalls));
  await end();
});

test('a place that the commit may have given back is not called taken', async () => {
  const { world, ask, said, end } = await soldOut();
  world.store = { commit: () => never };
  await ask(givesBack());
  assert.equal(await said(), eachTime([]));
  await end();
});

test('nor is it when the outcome of that commit could not be found out', async () => {
  const { world, ask, said, end } = await soldOut();
  world.store = {
    commit: async () => {
      world.store = { stands: () => never };
      return { type: 'retry', error: new Error('the reply was lost') };
    },
  };
  await ask(givesBack());
  assert.equal(await said(), eachTime([]));
  await end();
});

test('once it is known that nothing was given back, the show is sold out again', async () => {
  const { world, ask, said, end } = await soldOut();
  world.store = { commit: async () => ({ type: 'retry', error: new Error('the reply was lost') }) };
  await ask(givesBack());
  world.store = {};
  await said();
  await ask(asks(3));
  world.store = { commit: () => never };
  await ask(asks(4));
  assert.equal(await said(), eachTime(stalls));
  await end();
});

/** What the boards say after so many commits without an outcome. */
const saidAfter = async (lostReplies: number): Promise<readonly unknown[]> => {
  const { world, ask, clock, said, end } = await soldOut();
  let lost = 0;
  world.store = {
    commit: async () => {
      lost += 1;
      if (lost === lostReplies) world.store = { stands: () => never };
      return { type: 'retry', error: new Error('the reply was lost') };
    },
  };
  // Each is tried before the next one comes, so that none is left over when MySQL falls silent.
  for (let n = 1; n <= lostReplies; n += 1) {
    await ask(asks(1 + n));
    await clock.advance(retryPauses.last);
  }
  assert.is(lost, lostReplies);
  const boards = await said();
  await end();
  return boards;
};

test('when more commits have no outcome than are kept in mind, nothing is called full', async () => {
  assert.equal(await saidAfter(unsettledMax - 1), eachTime(stalls));
  assert.equal(await saidAfter(unsettledMax), eachTime([]));
  assert.equal(await saidAfter(unsettledMax + 1), eachTime([]));
});

test('whoever no longer holds the lease says nothing', async () => {
  const { world, ask, said, end } = await soldOut();
  world.store = { commit: () => never };
  await ask(asks(2));
  world.isHeld = false;
  assert.equal(await said(), []);
  await end();
});

test('nothing is renewed when the work has ended', async () => {
  const { running, said } = await soldOut();
  running.stop();
  await running.ended;
  assert.equal(await said(), []);
});
