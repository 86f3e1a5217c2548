import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../src/domain/ports.ts';
import { beforeAll } from '../../../src/domain/stream-id.ts';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { type GroupCommitPort, newGroupCommit } from '../../../src/store/commit/group-commit.ts';
import type { Batch, CommitVerdict } from '../../../src/store/contract.ts';
import { assert, suite } from '../../support/suite.ts';
import { confirmed, entryAt, lineOf, newId } from '../story.ts';

const test = suite('which batches share a transaction');

const batchWith = (partition: number, decisions = 1, parked = 0): Batch => {
  const progress = { position: 0, watermark: beforeAll, clockMs: 0, judgedMs: 0 };
  const sale = confirmed(newId(partition), [lineOf('a', 1)]);
  return {
    claim: { partition, epoch: 1, token: '', server: '' },
    before: progress,
    after: progress,
    entries: Array.from({ length: decisions }, (_, n) => entryAt(n + 1, sale)),
    parked: Array.from({ length: parked }, () => ({
      streamId: beforeAll,
      raw: Buffer.alloc(0),
      why: 'broken',
      parkedAtMs: 0,
      attempts: 1,
    })),
  };
};

type Verdicts = readonly CommitVerdict[] | undefined;

/** Transactions end when the test says so, and so does the time that the next group waits for them. */
const scripted = () => {
  const begun: { readonly partitions: readonly number[]; readonly end: (verdicts: Verdicts) => void }[] = [];
  const begin = (batches: readonly Batch[]): Promise<Verdicts> => {
    const { promise, resolve } = newDeferred<Verdicts>();
    begun.push({ partitions: batches.map(({ claim }) => claim.partition), end: resolve });
    return promise;
  };
  let turnEnds: () => void = () => undefined;
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        turnEnds = resolve;
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  const commit = newGroupCommit({
    clock,
    together: begin,
    alone: async (batch) => (await begin([batch]))?.[0] ?? committed,
  });
  const groups = () => begun.map(({ partitions }) => partitions);
  return { begun, clock, commit, groups, endTurn: () => turnEnds() };
};

const committed: CommitVerdict = { type: 'committed' };

test('a batch that comes alone waits for nobody', () => {
  const { commit, groups } = scripted();
  void commit(batchWith(3));
  assert.equal(groups(), [[3]]);
});

test('those that come while one is committed go together with the next, in the order of their partitions', async () => {
  const { commit, begun, groups } = scripted();
  const first = commit(batchWith(3));
  const others = [9, 1, 5].map((partition) => commit(batchWith(partition)));
  assert.equal(groups(), [[3]]);
  begun[0]?.end([committed]);
  assert.equal(await first, committed);
  await nextTurn();
  assert.equal(groups(), [[3], [1, 5, 9]]);
  begun[1]?.end([committed, { type: 'fenced' }, committed]);
  assert.equal(await Promise.all(others), [committed, committed, { type: 'fenced' }]);
});

test('when one stands in the way each is committed alone', async () => {
  const { commit, begun, groups } = scripted();
  void commit(batchWith(1));
  const others = [2, 3].map((partition) => commit(batchWith(partition)));
  begun[0]?.end([committed]);
  await nextTurn();
  begun[1]?.end(undefined);
  await nextTurn();
  assert.equal(groups(), [[1], [2, 3], [2], [3]]);
  begun[2]?.end([{ type: 'duplicate' }]);
  begun[3]?.end([committed]);
  assert.equal(await Promise.all(others), [{ type: 'duplicate' }, committed]);
});

test('a transaction that takes long keeps nobody waiting, whether several share it or one is alone', async () => {
  const { commit, begun, groups, endTurn } = scripted();
  void commit(batchWith(1));
  for (const partition of [2, 3]) void commit(batchWith(partition));
  endTurn();
  await nextTurn();
  assert.equal(groups(), [[1], [2, 3]]);
  const last = commit(batchWith(4));
  endTurn();
  await nextTurn();
  assert.equal(groups(), [[1], [2, 3], [4]]);
  begun[2]?.end([committed]);
  assert.equal(await last, committed);
});

test('a transaction takes two thousand entries and sixteen partitions', async () => {
  const { commit, begun, groups } = scripted();
  void commit(batchWith(1));
  for (const partition of [2, 3, 4]) void commit(batchWith(partition, 900));
  for (let partition = 5; partition <= 21; partition += 1) void commit(batchWith(partition));
  for (const n of [0, 1]) {
    begun[n]?.end([committed, committed]);
    await nextTurn();
  }
  assert.equal(
    groups().map(({ length }) => length),
    [1, 2, 16],
  );
});

test('entries that are parked take their room in a transaction', async () => {
  const { commit, begun, groups } = scripted();
  void commit(batchWith(1));
  for (const partition of [2, 3, 4]) void commit(batchWith(partition, 0, 900));
  begun[0]?.end([committed]);
  await nextTurn();
  assert.equal(groups(), [[1], [2, 3]]);
});

test('two batches of one partition never share a transaction', async () => {
  const { commit, begun, groups } = scripted();
  void commit(batchWith(1));
  for (const partition of [2, 2, 3]) void commit(batchWith(partition));
  begun[0]?.end([committed]);
  await nextTurn();
  begun[1]?.end([committed, committed]);
  await nextTurn();
  assert.equal(groups(), [[1], [2, 3], [2]]);
});

test('an error nobody foresaw in a shared transaction leaves each to its own', async () => {
  const { clock } = scripted();
  const commit = newGroupCommit({
    clock,
    together: () => Promise.reject(new Error('a bug')),
    alone: async () => committed,
  });
  const verdicts = await Promise.all([1, 2, 3].map((partition) => commit(batchWith(partition))));
  assert.equal(verdicts, [committed, committed, committed]);
});

const throwing = (message: string) => (): never => {
  throw new Error(message);
};

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** Commits one batch from each of three partitions at the same time, and one more when they are done. */
const committing = async (port: Partial<GroupCommitPort>): Promise<readonly string[]> => {
  const commit = newGroupCommit({
    clock: scripted().clock,
    together: async (batches) => batches.map(() => committed),
    alone: async () => committed,
    ...port,
  });
  const ended = async (partitions: readonly number[]) =>
    await Promise.allSettled(partitions.map((partition) => commit(batchWith(partition))));
  return [...(await ended([1, 2, 3])), ...(await ended([4]))].map((each) =>
    each.status === 'fulfilled' ? each.value.type : messageOf(each.reason),
  );
};

test('whatever is thrown by what should not throw ends the commits it concerns, and those behind them go on', async () => {
  const alone = throwing('alone');
  assert.equal(await committing({ alone }), ['alone', 'committed', 'committed', 'alone']);
  const together = throwing('together');
  assert.equal(await committing({ together }), Array(4).fill('committed'));
  const clock = { ...scripted().clock, sleep: throwing('no timer') };
  assert.equal(await committing({ clock }), Array(4).fill('committed'));
});
