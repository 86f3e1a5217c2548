import { beforeAll } from '../../src/domain/stream-id.ts';
import { batchOf, confirmed, lineOf, newId, newOwner, opening } from '../store/story.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type Under } from './opened-store.ts';

export const claims = (test: Suite, under: Under): void => {
  test('a claim starts where the last commit ended', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    assert.equal(owner.standing.progress, { position: 0, watermark: beforeAll, clockMs: 0, judgedMs: 0 });
    const show = newId(partition);
    await owner.commit([opening(show, { a: 5 }), confirmed(show, [lineOf('a', 1)])]);
    const next = await newOwner(store, partition);
    assert.equal(next.standing.progress, owner.standing.progress);
    assert.ok(next.standing.claim.epoch > owner.standing.claim.epoch);
  });

  test('after a claim, no batch of an earlier one can commit', async () => {
    const { store } = under();
    const partition = newPartition();
    const first = await newOwner(store, partition);
    const second = await newOwner(store, partition);
    const show = newId(partition);
    assert.equal(await first.commit([opening(show, { a: 5 })]), { type: 'fenced' });
    assert.equal(await store.ledgers([show]), new Map());
    assert.equal(await second.commit([opening(show, { a: 5 })]), { type: 'committed' });
  });

  test('the same epoch with another token is fenced', async () => {
    const { store } = under();
    const partition = newPartition();
    const { standing } = await newOwner(store, partition);
    const claim = { ...standing.claim, token: '00'.repeat(16) };
    const batch = batchOf({ ...standing, claim }, [opening(newId(partition), { a: 5 })]);
    assert.equal(await store.commit(batch), { type: 'fenced' });
  });

  test('the same token with another epoch is fenced', async () => {
    const { store } = under();
    const partition = newPartition();
    const { standing } = await newOwner(store, partition);
    const claim = { ...standing.claim, epoch: standing.claim.epoch - 1 };
    const batch = batchOf({ ...standing, claim }, [opening(newId(partition), { a: 5 })]);
    assert.equal(await store.commit(batch), { type: 'fenced' });
  });

  test('a claim stands until another is made or the position moves without it', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const { claim, progress } = owner.standing;
    assert.is(await store.stands(claim, progress.position), true);
    await owner.commit([opening(newId(partition), { a: 5 })]);
    assert.is(await store.stands(claim, progress.position), false);
    assert.is(await store.stands(claim, owner.standing.progress.position), true);
    assert.is(
      await store.stands({ ...claim, token: '00'.repeat(16) }, owner.standing.progress.position),
      false,
    );
    await newOwner(store, partition);
    assert.is(await store.stands(claim, owner.standing.progress.position), false);
  });

  test('a batch from another position is fenced, even one that only moves the watermark', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const stale = batchOf(owner.standing, []);
    await owner.commit([opening(newId(partition), { a: 5 })]);
    assert.equal(await store.commit(stale), { type: 'fenced' });
  });
};
