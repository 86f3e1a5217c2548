import { beforeAll } from '../../src/domain/stream-id.ts';
import type { Claim } from '../../src/store/contract.ts';
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
    const stands = async (held: Claim, position: number): Promise<boolean> =>
      (await store.stands(held, position)) !== undefined;
    assert.ok(await stands(claim, progress.position));
    await owner.commit([opening(newId(partition), { a: 5 })]);
    assert.not.ok(await stands(claim, progress.position));
    assert.ok(await stands(claim, owner.standing.progress.position));
    assert.not.ok(await stands({ ...claim, token: '00'.repeat(16) }, owner.standing.progress.position));
    await newOwner(store, partition);
    assert.not.ok(await stands(claim, owner.standing.progress.position));
  });

  test('a claim is compared with the one before while nobody else can claim, and undone when it must not be', async () => {
    const { store } = under();
    const partition = newPartition();
    const asked: (string | undefined)[] = [];
    const first = await store.claim(partition, 'first', async (before) => {
      asked.push(before);
      return 'same';
    });
    if (first.type !== 'claimed') throw new Error(first.type);
    const refused = await store.claim(partition, 'of a copy', async (before, next) => {
      asked.push(before);
      assert.is.not(next.token, before);
      return 'another';
    });
    assert.equal(refused, { type: 'another' });
    assert.ok(await store.stands(first.claim, first.progress.position), 'the claim before it stands');
    const lost = await store.claim(partition, 'late', async () => 'lease-lost');
    assert.equal(lost, { type: 'lease-lost' });
    assert.equal(asked, [undefined, first.claim.token]);
  });

  test('two that claim at the same moment are compared one after the other', async () => {
    const { store } = under();
    const partition = newPartition();
    const before: (string | undefined)[] = [];
    const made: string[] = [];
    const claim = () =>
      store.claim(partition, 'one of two', async (token, next) => {
        before.push(token);
        made.push(next.token);
        return 'same';
      });
    await Promise.all([claim(), claim()]);
    assert.equal(before, [undefined, made[0]]);
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
