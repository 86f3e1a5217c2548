import { newStreamId } from '../../src/domain/stream-id.ts';
import type { PartitionLog, ReadEntry } from '../../src/log/contract.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { step } from '../../src/projector/step.ts';
import { newTurns, turnMsMax } from '../../src/projector/turns.ts';
import type { Verdict } from '../../src/projector/verdict.ts';
import { newDeferred } from '../../src/shared/deferred.ts';
import type { Batch, CommitVerdict, PartitionStore } from '../../src/store/contract.ts';
import { line, opening, request, showId } from '../domain/generate.ts';
import { type MemoryStore, newMemoryStore } from '../model/memory-store.ts';
import { newVirtualClock, type VirtualClock } from '../simulation/virtual-clock.ts';
import { assert, suite } from '../support/suite.ts';
import { ownPartition } from './own-partition.ts';
import { dependenciesOver } from './timeline.ts';

const test = suite('turns of several partitions');

interface Part {
  readonly memory: MemoryStore;
  readonly owned: OwnedPartition;
  /** Appends so many requests of one place each. */
  readonly ask: (count: number) => void;
  readonly sold: () => number;
  /** Appends a request to open another show. */
  readonly open: () => void;
  /** What a read, a commit, or an opening before its commit waits for. */
  held: { read?: Promise<void>; commit?: Promise<void>; opening?: Promise<void> };
}

/** A partition with an open show, over a stream in memory. */
const newPart = async (partition: number, clock: VirtualClock, batchMax: number): Promise<Part> => {
  const memory = newMemoryStore();
  const show = showId(1, partition);
  const stream: ReadEntry[] = [];
  let delivered = 0;
  const append = (asked: Extract<ReadEntry['content'], { type: 'request' }>['request']): void => {
    stream.push({
      streamId: newStreamId(1_000_000 + stream.length, 0),
      content: { type: 'request', request: asked },
    });
  };
  const read: PartitionLog['read'] = async ({ count, watermark }) => {
    await part.held.read;
    const entries = stream.slice(delivered, delivered + count);
    delivered += entries.length;
    return { type: 'read', entries, nowMs: 2_000_000, lastDelivered: entries.at(-1)?.streamId ?? watermark };
  };
  const over = dependenciesOver(memory, { read, publish: async () => {} }, batchMax);
  const markBoardsIncomplete = async () => await part.held.opening;
  const dependencies = { ...over, log: { ...over.log, markBoardsIncomplete }, clock };
  append(opening({ stalls: 100_000 }, {}, show));
  const part: Part = {
    memory,
    owned: await ownPartition(dependencies, { partition, token: 'turns' }),
    ask: (count) => {
      for (let n = 0; n < count; n += 1) append(request(stream.length, [line('stalls', 1)], show));
    },
    open: () => append(opening({ stalls: 1 }, {}, showId(2, partition))),
    sold: () => memory.journal().filter(({ decision }) => decision.type === 'ReservationConfirmed').length,
    held: {},
  };
  await step(part.owned);
  return part;
};

/** Some partitions whose shows are open, over one database that notes how many decisions of whom share a transaction. */
const newWorld = async (count: number, batchMax = 2_000) => {
  const clock = newVirtualClock();
  const parts = await Promise.all(Array.from({ length: count }, (_, n) => newPart(n, clock, batchMax)));
  const transactions: Record<number, number>[] = [];
  const note = (batches: readonly Batch[]): void =>
    void transactions.push(
      Object.fromEntries(batches.map(({ claim, entries }) => [claim.partition, entries.length])),
    );
  const commit = async (batch: Batch): Promise<CommitVerdict> => {
    const part = parts[batch.claim.partition];
    if (!part) throw new Error('there is no such partition');
    await part.held.commit;
    return await part.memory.store.commit(batch);
  };
  const store: PartitionStore = {
    ...newMemoryStore().store,
    commit: (batch) => {
      note([batch]);
      return commit(batch);
    },
    commitTogether: (batches) => {
      note(batches);
      return batches.map(commit);
    },
  };
  const take = newTurns({ clock, store });
  /** These partitions take their turn at the same moment. The verdicts in the order in which they come. */
  const turn = async (...which: readonly Part[]) => {
    const verdicts: [partition: number, verdict: Verdict['type']][] = [];
    for (const { owned } of which)
      void take(owned).then(
        ({ type }) => verdicts.push([owned.partition, type]),
        () => verdicts.push([owned.partition, 'retry']),
      );
    await clock.advance(0);
    return verdicts;
  };
  const [one, two, three] = parts;
  if (!one || !two || !three) throw new Error('a world has three partitions at least');
  return { clock, parts, one, two, three, transactions, turn };
};

test('partitions that are ready at the same moment commit in one transaction', async () => {
  const { one, two, three, transactions, turn } = await newWorld(3);
  one.ask(2);
  three.ask(1);
  const verdicts = await turn(one, two, three);
  assert.equal(transactions, [{ 0: 2, 2: 1 }]);
  assert.equal(verdicts.toSorted(), [
    [0, 'committed'],
    [1, 'idle'],
    [2, 'committed'],
  ]);
});

test('a partition without answer keeps the others waiting for one turn, and is committed beside them', async () => {
  const { clock, one, two, three, transactions, turn } = await newWorld(3);
  const answer = newDeferred<void>();
  one.held.read = answer.promise;
  for (const part of [one, two, three]) part.ask(1);
  const verdicts = await turn(one, two, three);
  assert.equal(verdicts, []);
  await clock.advance(turnMsMax);
  assert.equal(transactions, [{ 1: 1, 2: 1 }]);
  assert.is(verdicts.length, 2);

  two.ask(1);
  assert.equal(await turn(two), [[1, 'committed']]);
  answer.resolve();
  await clock.advance(0);
  assert.equal(transactions, [{ 1: 1, 2: 1 }, { 1: 1 }, { 0: 1 }]);
  assert.is(one.sold(), 1);
});

test('a transaction that does not end keeps those waiting for a while only that have no part in it', async () => {
  const { clock, one, two, three, turn } = await newWorld(3);
  const lock = newDeferred<void>();
  one.held.commit = lock.promise;
  one.ask(1);
  await turn(one);
  for (const part of [two, three]) part.ask(1);
  const others = await turn(two, three);
  assert.equal(others, []);
  await clock.advance(turnMsMax);
  assert.is(others.length, 2);
  assert.equal([one.sold(), two.sold(), three.sold()], [0, 1, 1]);
  lock.resolve();
  await clock.advance(0);
  assert.is(one.sold(), 1);
});

test('a partition in trouble is worked beside the turns of the others until it is well', async () => {
  const { one, two, three, transactions, turn } = await newWorld(3);
  one.owned.attempt = { max: 1_000, refusals: 0 };
  two.owned.reset = true;
  for (const part of [one, two, three]) part.ask(1);
  await turn(one, two, three);
  assert.equal(transactions, [{ 2: 1 }]);
  assert.equal([one.sold(), two.sold(), three.sold()], [1, 1, 1]);
  for (const part of [one, two, three]) part.ask(1);
  await turn(one, two, three);
  assert.equal(transactions.at(-1), { 0: 1, 1: 1, 2: 1 });
});

test('a partition that opens a show keeps no turn of the others waiting', async () => {
  const { clock, one, two, three, transactions, turn } = await newWorld(3);
  const mark = newDeferred<void>();
  one.held.opening = mark.promise;
  one.open();
  for (const part of [two, three]) part.ask(1);
  const verdicts = await turn(one, two, three);
  for (const part of [two, three]) part.ask(1);
  await turn(two, three);
  assert.equal(transactions, [
    { 1: 1, 2: 1 },
    { 1: 1, 2: 1 },
  ]);
  assert.is(verdicts.length, 2);
  mark.resolve();
  await clock.advance(0);
  assert.equal(verdicts.at(-1), [0, 'committed']);
});

test('a turn takes no more entries than a batch may have, the same number of each partition', async () => {
  const { parts, transactions, turn } = await newWorld(8, 400);
  for (const part of parts) part.ask(1_000);
  await turn(...parts);
  assert.equal(
    transactions.map((each) => Object.values(each)),
    [[50, 50, 50, 50, 50, 50, 50, 50]],
  );
});

test('a partition with a backlog is worked beside the turns of the others until it has caught up', async () => {
  const { one, two, three, transactions, turn } = await newWorld(3, 400);
  one.ask(1_000);
  two.ask(1);
  await turn(one, two, three);
  assert.equal(transactions.splice(0), [{ 0: 100, 1: 1 }]);
  for (let n = 0; n < 8 && one.owned.isBehind; n += 1) {
    for (const part of [two, three]) part.ask(1);
    await turn(one, two, three);
    assert.equal(transactions.splice(0), [{ 1: 1, 2: 1 }]);
  }
  assert.is(one.sold(), 1_000);
  for (const part of [one, two]) part.ask(1);
  await turn(one, two);
  assert.equal(transactions, [{ 0: 1, 1: 1 }]);
});

test('several backlogs beside the turns share the limit of a batch, a quarter of it each at least', async () => {
  const { parts, turn } = await newWorld(6, 800);
  const [first] = parts;
  for (const part of parts) part.ask(3_000);
  for (let n = 0; n < 4; n += 1) await turn(...parts);
  assert.equal(new Set(parts.slice(3).map(({ owned }) => owned.share)), new Set([200]));
  assert.ok((first?.owned.share ?? 0) >= 200);
});
