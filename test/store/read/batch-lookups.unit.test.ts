import { waitUntil } from '../../../infra/local/wait-until.ts';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { limitOf } from '../../../src/shared/wait-limit.ts';
import { batchLookups } from '../../../src/store/read/batch-lookups.ts';
import {
  newWaitingReads,
  ReadUnanswered,
  type UnansweredReason,
} from '../../../src/store/read/waiting-reads.ts';
import { assert, suite } from '../../support/suite.ts';
import { settledWithin } from '../../support/within-limit.ts';

const test = suite('store: lookups that wait for the database');

const soon = { limitMs: 2_000, everyMs: 1 };

/** A database that answers when it is told to. */
const newWorld = ({ max = 1_000, limitMs = 60_000, groupMax = 100 } = {}) => {
  const unanswered: UnansweredReason[] = [];
  const reads = newWaitingReads({
    max,
    onUnanswered: (why, callers) => unanswered.push(...Array.from({ length: callers }, () => why)),
  });
  const asked: (readonly number[])[] = [];
  const thawed = newDeferred<void>();
  const ask = batchLookups<number, string>(
    async (ids) => {
      asked.push(ids);
      await thawed.promise;
      return new Map(ids.map((id) => [id, `row ${id}`]));
    },
    { groupMax, atOnceMax: 1, reads, limit: limitOf(limitMs) },
  );
  return { ask, asked, reads, unanswered, thaw: thawed.resolve };
};

const errorOf = (answer: Promise<unknown>): Promise<unknown> => settledWithin(soon, answer);

test('the lookups of one turn share a statement, in groups, and equal ones an answer', async () => {
  const { ask, asked, thaw } = newWorld({ groupMax: 3 });
  thaw();
  const answers = await Promise.all([1, 2, 3, 4, 4, 5].map(ask));
  assert.equal(answers, ['row 1', 'row 2', 'row 3', 'row 4', 'row 4', 'row 5']);
  assert.equal(asked, [
    [1, 2, 3],
    [4, 5],
  ]);
});

test('one caller more than may wait is refused at once, whatever it asks for, and counted', async () => {
  const { ask, reads, unanswered, thaw } = newWorld({ max: 3 });
  const waiting = [ask(1), ask(1), ask(2)];
  assert.is(reads.count(), 3);
  assert.instance(await errorOf(ask(2)), ReadUnanswered);
  assert.instance(await errorOf(reads.during(limitOf(1_000), async () => 'a list')), ReadUnanswered);
  assert.equal(unanswered, ['queue-full', 'queue-full']);
  thaw();
  assert.equal(await Promise.all(waiting), ['row 1', 'row 1', 'row 2']);
  assert.is(reads.count(), 0);
  assert.is(await ask(3), 'row 3');
});

test('lookups without an answer in time are given up, those that were sent and those that were not', async () => {
  const { ask, asked, reads, unanswered } = newWorld({ limitMs: 20 });
  const sent = ask(1);
  assert.ok(await waitUntil(() => asked.length === 1, soon));
  const answers = await Promise.all([sent, ask(2), ask(3)].map(errorOf));
  assert.ok(answers.every((error) => error instanceof ReadUnanswered));
  assert.equal(unanswered, ['no-answer', 'no-answer', 'no-answer']);
  assert.is(reads.count(), 0);
});

test('a database that answers again is not asked for what was given up, and a late answer is nobody’s', async () => {
  const { ask, asked, reads, thaw } = newWorld({ limitMs: 20 });
  const sent = ask(1);
  assert.ok(await waitUntil(() => asked.length === 1, soon));
  await Promise.all([sent, ...Array.from({ length: 100 }, (_, n) => ask(n + 2))].map(errorOf));
  const live = ask(200);
  thaw();
  assert.is(await live, 'row 200');
  assert.equal(asked, [[1], [200]]);
  assert.is(reads.count(), 0);
});

test('a read of its own is given up in time as well, and counts until then', async () => {
  const { reads, unanswered } = newWorld();
  const never = reads.during(limitOf(10), () => new Promise<string>(() => undefined));
  assert.is(reads.count(), 1);
  assert.instance(await errorOf(never), ReadUnanswered);
  assert.is(reads.count(), 0);
  assert.equal(unanswered, ['no-answer']);
  assert.is(
    (await errorOf(reads.during(limitOf(60_000), () => Promise.reject(new Error('gone'))))) instanceof
      ReadUnanswered,
    false,
  );
  assert.is(reads.count(), 0);
});
