import { claimFor } from '../store/claim-for.ts';
import { confirmed, keyOf, lineOf, newId } from '../store/story.ts';
import { assert, suite } from '../support/suite.ts';
import { isSettled, newGate, newRig, newSale, one, soldOf } from './memory-store/rig.ts';

const test = suite('transactions of the database in memory');

test('a commit whose reply was lost is found to be committed, and not applied twice', async () => {
  const { newProcess, commits } = newRig();
  const { store, reader, wire } = newProcess();
  const { owner, show } = await newSale(store, 1);
  wire.plan('sql commit', 'reply lost');
  assert.equal(await owner.commit([one(show)]), { type: 'committed' });
  assert.is(await soldOf(reader, show), 1);
  assert.is(commits.length, 2);
});

test('a commit that never reached the server is found to be not applied', async () => {
  const { newProcess } = newRig();
  const { store, reader, wire } = newProcess();
  const { owner, show } = await newSale(store, 1);
  wire.plan('sql commit', 'question lost');
  assert.is((await owner.commit([one(show)])).type, 'retry');
  assert.is(await soldOf(reader, show), 0);
  assert.equal(await owner.commit([one(show)]), { type: 'committed' });
});

test('whoever asks what became of a commit waits while it may still arrive', async () => {
  const { newProcess, clock } = newRig();
  const { store, reader, wire } = newProcess();
  const { owner, show } = await newSale(store, 1);
  wire.plan('sql commit', 'question lost');
  wire.plan('sql close', 'question lost');
  const verdict = owner.commit([one(show)]);
  assert.not.ok(await isSettled(verdict, clock));
  await clock.advance(3_500);
  assert.is((await verdict).type, 'retry');
  assert.is(await soldOf(reader, show), 0);
});

test('a claim waits for the transaction that a predecessor has open, and goes on from its commit', async () => {
  const { newProcess, clock } = newRig();
  const [first, second] = [newProcess(), newProcess()];
  const { owner, show } = await newSale(first.store, 1);
  const gate = newGate();
  first.wire.plan('sql insert-journal', gate.opened);
  const verdict = owner.commit([one(show)]);
  const claimed = claimFor(second.store, 1, 'second');
  assert.not.ok(await isSettled(claimed, clock));
  gate.open();
  assert.equal(await verdict, { type: 'committed' });
  assert.equal((await claimed).progress, owner.standing.progress);
});

test('an owner that froze inside its transaction does not keep its successor waiting, and commits nothing', async () => {
  const { newProcess, clock, commits } = newRig();
  const [first, second] = [newProcess(), newProcess()];
  const { owner, show } = await newSale(first.store, 1);
  const gate = newGate();
  first.wire.plan('sql commit', gate.opened);
  const verdict = owner.commit([one(show)]);
  await clock.advance(0);
  const claimed = claimFor(second.store, 1, 'second');
  await clock.advance(2_900);
  assert.not.ok(await isSettled(claimed, clock));
  await clock.advance(700);
  const { claim, progress } = await claimed;
  assert.is(claim.epoch, owner.standing.claim.epoch + 1);
  assert.equal(progress, owner.standing.progress);
  gate.open();
  assert.equal(await verdict, { type: 'fenced' });
  assert.is(await soldOf(second.reader, show), 0);
  assert.is(commits.length, 1);
});

test('who waits for a lock longer than it may is told so, and asks again', async () => {
  const { newProcess, clock, statements } = newRig({ leaseTtlMs: 30_000 });
  const [first, second] = [newProcess(), newProcess()];
  const { owner, show } = await newSale(first.store, 1);
  const gate = newGate();
  first.wire.plan('sql commit', gate.opened);
  const verdict = owner.commit([one(show)]);
  await clock.advance(0);
  const claimed = claimFor(second.store, 1, 'second');
  const asked = () => statements.filter((name) => name === 'lock-partition').length;
  const before = asked();
  await clock.advance(2_500);
  assert.ok(asked() >= before + 2, 'it asked once');
  gate.open();
  await clock.advance(500);
  assert.equal(await verdict, { type: 'committed' });
  assert.equal((await claimed).progress, owner.standing.progress);
});

test('a process that died in its transaction leaves nothing behind, at once', async () => {
  const { newProcess, clock } = newRig();
  const [first, second] = [newProcess(), newProcess()];
  const { owner, show } = await newSale(first.store, 1);
  first.wire.plan('sql commit', newGate().opened);
  void owner.commit([one(show)]);
  await clock.advance(0);
  const claimed = claimFor(second.store, 1, 'second');
  first.hangUp();
  assert.equal((await claimed).progress, owner.standing.progress);
  assert.is(await soldOf(second.reader, show), 0);
});

test('a key that another transaction is about to take is waited for: duplicate if it commits, free if not', async () => {
  for (const [fate, verdictThen] of [
    ['commits', 'duplicate'],
    ['dies', 'committed'],
  ]) {
    const { newProcess, clock } = newRig();
    const [first, second] = [newProcess(), newProcess()];
    const [here, there] = [await newSale(first.store, 1), await newSale(second.store, 2)];
    const gate = newGate();
    first.wire.plan('sql commit', gate.opened);
    const key = keyOf('the same');
    const taken = here.owner.commit([{ decision: one(here.show), key }]);
    await clock.advance(0);
    const verdict = there.owner.commit([{ decision: one(there.show), key }]);
    assert.not.ok(await isSettled(verdict, clock));
    if (fate === 'dies') first.hangUp();
    gate.open();
    assert.is((await verdict).type, verdictThen);
    assert.is((await taken).type === 'committed', fate === 'commits');
  }
});

test('what is not committed is seen by nobody else', async () => {
  const { newProcess, clock } = newRig();
  const [first, second] = [newProcess(), newProcess()];
  const { owner, show } = await newSale(first.store, 1);
  const gate = newGate();
  first.wire.plan('sql commit', gate.opened);
  const id = newId(1);
  const verdict = owner.commit([confirmed(show, [lineOf('a', 1)], { id })]);
  await clock.advance(0);
  assert.is(await soldOf(second.reader, show), 0);
  assert.equal(await second.reader.reservation(id), { watermark: owner.standing.progress.watermark });
  assert.is((await second.store.known([id])).size, 0);
  gate.open();
  await verdict;
  assert.is(await soldOf(second.reader, show), 1);
});
