import { step } from '../../src/projector/step.ts';
import { opening, reservationId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { backlog, committingOtherwise, one, readingOtherwise, soldInOrder } from './backlog.ts';
import { openFixture, type ProjectorFixture, work } from './projector-fixture.ts';

const test = suite('what was read and decided ahead when something comes between, on real servers');

let it: ProjectorFixture;

test.before.each(async () => {
  it = await openFixture({ batchMax: 2 });
});
test.after.each(() => it.close());

test('a commit that fails takes along what was decided behind it, and skips nothing', async () => {
  const failing = committingOtherwise(it, 1, { type: 'retry', error: new Error('the disk is full') });
  const owned = await backlog(it, opening({ stalls: 3 }), [1, 2, 3, 4, 5].map(one), failing);
  failing.begin();
  await work(owned);
  await soldInOrder(it, { decisions: 6, confirmed: 3 });
});

test('a batch that has to be decided again takes along what was decided behind it', async () => {
  // Expected by the first attempt: two more places for the two requests in the middle, none for the last two.
  const owned = await backlog(it, opening({ stalls: 4 }), [one(1), one(2), one(1), one(3), one(4), one(5)]);
  await work(owned);
  await soldInOrder(it, { decisions: 6, confirmed: 4 });
});

test('a hold that is over when the entries of the next batch arrive lapses in front of them', async () => {
  const owned = await backlog(it, opening({ stalls: 2 }, { holdSeconds: 1 }), [1, 2].map(one));
  const laterMs = Date.now() + 5_000;
  for (const n of [3, 4]) await it.append(one(n), `${laterMs}-${n}`);
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
  const losing = readingOtherwise(it, 2, () => {
    throw new Error('the reply was lost');
  });
  const owned = await backlog(it, opening({ stalls: 9 }), [1, 2, 3, 4, 5].map(one), losing);
  losing.begin();
  await work(owned);
  await soldInOrder(it, { decisions: 6, confirmed: 5 });
});

test('a server that was found to be another one while reading ahead is said to be so', async () => {
  const reconnecting = readingOtherwise(it, 2, () => ({ type: 'reconnected' }));
  const owned = await backlog(it, opening({ stalls: 9 }), [1, 2, 3].map(one), reconnecting);
  reconnecting.begin();
  assert.is((await step(owned)).type, 'committed');
  assert.is((await step(owned)).type, 'retry');
  await work(owned);
  await soldInOrder(it, { decisions: 4, confirmed: 3 });
});

test('nothing is read ahead of late entries: an owner that dies over them loses none', async () => {
  const failing = committingOtherwise(it, 1, { type: 'retry', error: new Error('the disk is full') });
  const owned = await backlog(it, opening({ stalls: 9 }), [], failing);
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

test('what has to be read again is decided again, with what has come since', async () => {
  const owned = await backlog(it, opening({ stalls: 9 }), [one(1), one(2), one(3)]);
  await step(owned);
  assert.is(owned.ahead?.decided?.batch.journal.length, 1);
  // As after a lost reply between two steps: the group's position is unknown.
  owned.reset = true;
  await it.append(one(4));
  await work(owned);
  await soldInOrder(it, { decisions: 5, confirmed: 4 });
});
