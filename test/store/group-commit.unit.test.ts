import { beforeAll } from '../../src/domain/stream-id.ts';
import { newDeferred } from '../../src/log/deferred.ts';
import type { Batch, CommitVerdict } from '../../src/store/contract.ts';
import { newGroupCommit } from '../../src/store/group-commit.ts';
import { assert, suite } from '../support/suite.ts';
import { confirmed, entryAt, lineOf, newId } from './story.ts';

const test = suite('which batches share a transaction');

const batchWith = (partition: number, decisions = 1): Batch => {
  const progress = { position: 0, watermark: beforeAll, clockMs: 0 };
  const sale = confirmed(newId(partition), [lineOf('a', 1)]);
  return {
    claim: { partition, epoch: 1, token: '' },
    before: progress,
    after: progress,
    entries: Array.from({ length: decisions }, (_, n) => entryAt(n + 1, sale)),
    parked: [],
  };
};

type Verdicts = readonly CommitVerdict[] | undefined;

/** Transactions end when the test says so. */
const scripted = () => {
  const begun: { readonly partitions: readonly number[]; readonly end: (verdicts: Verdicts) => void }[] = [];
  const begin = (batches: readonly Batch[]): Promise<Verdicts> => {
    const { promise, resolve } = newDeferred<Verdicts>();
    begun.push({ partitions: batches.map(({ claim }) => claim.partition), end: resolve });
    return promise;
  };
  const commit = newGroupCommit({
    together: begin,
    alone: async (batch) => (await begin([batch]))?.[0] ?? committed,
  });
  return { begun, commit, groups: () => begun.map(({ partitions }) => partitions) };
};

const committed: CommitVerdict = { type: 'committed' };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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
  await settled();
  assert.equal(groups(), [[3], [1, 5, 9]]);
  begun[1]?.end([committed, { type: 'fenced' }, committed]);
  assert.equal(await Promise.all(others), [committed, committed, { type: 'fenced' }]);
});

test('when one stands in the way each is committed alone, and those behind them need not wait for it', async () => {
  const { commit, begun, groups } = scripted();
  void commit(batchWith(1));
  const others = [2, 3].map((partition) => commit(batchWith(partition)));
  void commit(batchWith(2));
  begun[0]?.end([committed]);
  await settled();
  begun[1]?.end(undefined);
  await settled();
  assert.equal(groups(), [[1], [2, 3], [2], [3], [2]]);
  begun[2]?.end([{ type: 'duplicate' }]);
  begun[3]?.end([committed]);
  assert.equal(await Promise.all(others), [{ type: 'duplicate' }, committed]);
});

test('a transaction takes two thousand decisions, and one more may go beside a large one', async () => {
  const { commit, begun, groups } = scripted();
  void commit(batchWith(1, 2_000));
  for (const partition of [2, 3, 4]) void commit(batchWith(partition, 900));
  assert.equal(groups(), [[1], [2]]);
  begun[1]?.end([committed]);
  await settled();
  assert.equal(groups(), [[1], [2], [3, 4]]);
});

test('an error nobody foresaw is every batch of the transaction to try again', async () => {
  const commit = newGroupCommit({
    together: () => Promise.reject(new Error('a bug')),
    alone: async () => committed,
  });
  const verdicts = await Promise.all([1, 2, 3].map((partition) => commit(batchWith(partition))));
  assert.equal(
    verdicts.map(({ type }) => type),
    ['committed', 'retry', 'retry'],
  );
});
