import { beforeAll } from '../../src/domain/stream-id.ts';
import { newSharedCommit } from '../../src/projector/commit-batch.ts';
import type { Batch, CommitVerdict, PartitionStore } from '../../src/store/contract.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { newVirtualClock } from '../simulation/virtual-clock.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the transaction of a turn');

const progress = { position: 0, watermark: beforeAll, clockMs: 0, judgedMs: 0 };
const batchOf = (partition: number): Batch => ({
  claim: { partition, epoch: 1, token: 'turn', server: 'one' },
  before: progress,
  after: progress,
  entries: [],
  parked: [],
});

/** Parts of one turn, and the partitions of each transaction that they have led to. */
const newTurn = (parts: number, patienceMs = 100) => {
  const clock = newVirtualClock();
  const transactions: number[][] = [];
  const committed = async (): Promise<CommitVerdict> => ({ type: 'committed' });
  const store: PartitionStore = {
    ...newMemoryStore().store,
    commit: (batch) => {
      transactions.push([batch.claim.partition]);
      return committed();
    },
    commitTogether: (batches) => {
      transactions.push(batches.map(({ claim }) => claim.partition));
      return batches.map(committed);
    },
  };
  return { clock, transactions, newEnd: newSharedCommit({ store, clock, parts, patienceMs }) };
};

test('begins when each part has brought its batch or has passed, and counts each part once', async () => {
  const { clock, transactions, newEnd } = newTurn(3);
  const [one, two, three] = [newEnd(), newEnd(), newEnd()];
  one.pass();
  one.pass();
  void two.commit(batchOf(2));
  two.pass();
  await clock.advance(50);
  assert.equal(transactions, []);
  void three.commit(batchOf(3));
  await clock.advance(0);
  assert.equal(transactions, [[2, 3]]);
});

test('is not for a part that has passed: what it commits later is committed at once and alone', async () => {
  const { clock, transactions, newEnd } = newTurn(2);
  const one = newEnd();
  one.pass();
  void one.commit(batchOf(1));
  await clock.advance(0);
  assert.equal(transactions, [[1]]);
});

test('waits no longer than its patience, and never begins with no batch', async () => {
  const { clock, transactions, newEnd } = newTurn(3, 100);
  const [one, two, three] = [newEnd(), newEnd(), newEnd()];
  await clock.advance(150);
  void one.commit(batchOf(1));
  void two.commit(batchOf(2));
  await clock.advance(1);
  assert.equal(transactions, [[1, 2]]);
  void three.commit(batchOf(3));
  await clock.advance(0);
  assert.equal(transactions, [[1, 2], [3]]);
});

test('one batch is committed alone, and the part that passed is told to nobody but its own waiters', async () => {
  const { clock, transactions, newEnd } = newTurn(2);
  const [one, two] = [newEnd(), newEnd()];
  const said: string[] = [];
  void one.passed.then(() => said.push('one passed'));
  void two.passed.then(() => said.push('two passed'));
  const verdict = two.commit(batchOf(2));
  one.pass();
  await clock.advance(0);
  assert.equal(await verdict, { type: 'committed' });
  assert.equal(transactions, [[2]]);
  assert.equal(said, ['one passed']);
});
