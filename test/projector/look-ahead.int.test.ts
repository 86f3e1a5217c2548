import type { PartitionLog } from '../../src/log/contract.ts';
import { step } from '../../src/projector/step.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { cancelling, changing } from '../domain/ask.ts';
import { opening } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { backlog, one, soldInOrder } from './backlog.ts';
import { openFixture, type ProjectorFixture, work } from './projector-fixture.ts';

const test = suite('reading and deciding ahead of a commit, on real servers');

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture({ batchMax: 2 });
});
test.after.each(() => it.close());

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
  const owned = await backlog(it, opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), { log, store });
  calls.length = 0;
  await step(owned);
  assert.equal(calls.toSorted(), ['commit', 'committed', 'read', 'read']);
  assert.is(calls.at(-1), 'committed');
  assert.is(owned.ahead?.decided?.batch.journal.length, 2);
  await work(owned);
  await soldInOrder(it, { decisions: 6, confirmed: 5 });
});

test('the rows of what was decided ahead are made meanwhile, and are those that are committed', async () => {
  const prepared: unknown[] = [];
  const committed: unknown[] = [];
  const store: PartitionStore = {
    ...it.store,
    prepare: (part) => {
      prepared.push(part.entries);
      it.store.prepare(part);
    },
    commit: (batch) => {
      committed.push(batch.entries);
      return it.store.commit(batch);
    },
  };
  const owned = await backlog(it, opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), { store });
  committed.length = 0;
  await work(owned);
  assert.is(prepared.length, 2);
  assert.ok(prepared.every((entries, n) => entries === committed[n + 1]));
  await soldInOrder(it, { decisions: 6, confirmed: 5 });
});

test('rows that cannot be made ahead are the matter of their commit', async () => {
  const prepare = (): never => {
    throw new Error('not well-formed');
  };
  const owned = await backlog(it, opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), {
    store: { ...it.store, prepare },
  });
  await work(owned);
  await soldInOrder(it, { decisions: 6, confirmed: 5 });
});

test('a batch that is not full has nothing behind it, and nobody looks', async () => {
  const owned = await backlog(it, opening({ stalls: 9 }), [one(1)]);
  await step(owned);
  assert.is(owned.ahead, undefined);
  await soldInOrder(it, { decisions: 2, confirmed: 1 });
});

test('what was decided ahead counts what the batch in front took', async () => {
  const owned = await backlog(it, opening({ stalls: 3 }), [1, 2, 3, 4, 5].map(one));
  await work(owned);
  await soldInOrder(it, { decisions: 6, confirmed: 3 });
});

test('the limit per customer counts it too', async () => {
  const owned = await backlog(it, opening({ stalls: 9 }, { maxPerCustomer: 3 }), [1, 2, 3, 4, 5].map(one));
  await work(owned);
  await soldInOrder(it, { decisions: 6, confirmed: 3 });
});

test('who cancels what is only being committed gives its places to the next', async () => {
  const owned = await backlog(it, opening({ stalls: 2 }), [one(1), one(2), cancelling(1), one(3)]);
  await work(owned);
  await soldInOrder(it, { decisions: 5, confirmed: 2 });
});

test('a limit that comes while others are being committed counts what they took', async () => {
  const limit = changing({ rules: { maxPerCustomer: 2 } });
  const owned = await backlog(it, opening({ stalls: 9 }), [one(1), one(2), limit, one(3)]);
  await work(owned);
  await soldInOrder(it, { decisions: 5, confirmed: 2 });
});
