import { newStreamId } from '../../src/domain/stream-id.ts';
import type { KnownRequest, PartitionStore } from '../../src/store/contract.ts';
import {
  BASE_MS,
  batchOf,
  changing,
  confirmed,
  hashOf,
  held,
  keyOf,
  lineOf,
  newId,
  newOwner,
  type Owner,
  opening,
  refOf,
} from '../store/story.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type OpenedStore, type Under } from './opened-store.ts';

const DAY_MS = 24 * 60 * 60_000;

const keyed = (decision: ReturnType<typeof confirmed>, word: string) => ({ decision, key: keyOf(word) });

export const keys = (test: Suite, under: Under, open: () => Promise<OpenedStore>): void => {
  test('a key belongs to the request it was committed with, and stays in the journal', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const [show, id] = [newId(partition), newId(partition)];
    const told = keyed(confirmed(show, [lineOf('a', 1)], { id }), 'first key');
    assert.equal(await owner.commit([opening(show, { a: 5 }), told]), { type: 'committed' });
    const known = await store.keys([hashOf('first key'), hashOf('never used')]);
    assert.equal(known, new Map([[hashOf('first key'), { requestId: id, fingerprint: hashOf('this') }]]));
    const [item] = await reader.history(id);
    assert.equal(item?.type === 'decision' && item.entry.key, told.key);
  });

  test('a second request with a known key is a duplicate, in any partition, and nothing of its batch is applied', async () => {
    const { store } = under();
    const owners = await Promise.all([newOwner(store, newPartition()), newOwner(store, newPartition())]);
    for (const owner of owners) {
      const show = newId(owner.standing.claim.partition);
      await owner.commit([opening(show, { a: 5 })]);
      const verdict = await owner.commit([
        confirmed(show, [lineOf('a', 1)]),
        keyed(confirmed(show, [lineOf('a', 1)]), 'second key'),
      ]);
      const first = owner === owners[0];
      assert.is(verdict.type, first ? 'committed' : 'duplicate');
      assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, first ? 2 : 0);
    }
  });

  const withKeysOf = async (
    ages: readonly number[],
    body: (store: PartitionStore, owner: Owner) => Promise<void>,
  ): Promise<void> => {
    const { store, close } = await open();
    try {
      const partition = newPartition();
      const owner = await newOwner(store, partition);
      const show = newId(partition);
      await owner.commit([opening(show, { a: 50 })]);
      for (const [n] of ages.entries())
        await owner.commit([keyed(confirmed(show, [lineOf('a', 1)]), `key ${n}`)]);
      await body(store, owner);
    } finally {
      await close();
    }
  };

  /** Sets the partition's decision time, at which the owner's next commit is made. */
  const letPass = async (store: PartitionStore, owner: Owner, clockMs: number): Promise<void> => {
    const batch = batchOf(owner.standing, []);
    const after = { ...batch.after, clockMs };
    assert.equal(await store.commit({ ...batch, after }), { type: 'committed' });
    owner.standing = { ...owner.standing, progress: after };
  };

  test('a key is free again after 24 hours of decisions, and not a millisecond earlier', () =>
    withKeysOf([0], async (store, owner) => {
      const { partition } = owner.standing.claim;
      const show = newId(partition);
      const madeAtMs = BASE_MS + owner.standing.progress.position;
      const id = newId(partition);
      const again = (clockMs: number) => {
        const decisions = [
          opening(show, { a: 5 }),
          keyed(confirmed(show, [lineOf('a', 1)], { id }), 'key 0'),
        ];
        const batch = batchOf(owner.standing, decisions);
        const entries = batch.entries.map((entry) => ({ ...entry, decidedAtMs: clockMs }));
        const watermark = newStreamId(clockMs, 0);
        return store.commit({ ...batch, entries, after: { ...batch.after, clockMs, watermark } });
      };
      await letPass(store, owner, madeAtMs + DAY_MS - 2);
      assert.is((await store.keys([hashOf('key 0')])).size, 1);
      assert.equal(await again(madeAtMs + DAY_MS - 1), { type: 'duplicate' });
      assert.equal(await again(madeAtMs + DAY_MS), { type: 'committed' });
      assert.is((await store.keys([hashOf('key 0')])).get(hashOf('key 0'))?.requestId, id);
    }));

  test('keys older than 24 hours are purged in pieces, the others stay', () =>
    withKeysOf([0, 1, 2, 3], async (store, owner) => {
      const lastMs = BASE_MS + owner.standing.progress.position;
      assert.is(await store.purgeKeys(10), 0);
      await letPass(store, owner, lastMs - 1 + DAY_MS);
      const hashes = [0, 1, 2, 3].map((n) => hashOf(`key ${n}`));
      const left = async () => [...(await store.keys(hashes)).keys()];
      assert.equal(await left(), hashes.slice(3));
      assert.is(await store.purgeKeys(2), 2);
      assert.is(await store.purgeKeys(10), 1);
      assert.is(await store.purgeKeys(10), 0);
      assert.equal(await left(), hashes.slice(3));
    }));
};

export const repeated = (test: Suite, under: Under): void => {
  test('known answers follow-ups and show changes with what they name, as it is now', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const hold = held(show, [lineOf('a', 1)], { expiresAtMs: BASE_MS + 60_000 });
    const { reservationId } = hold;
    const ids = Array.from({ length: 6 }, () => newId(partition));
    const [extend, refuse, change, stale, unfound, repeat] = ids;
    if (!(extend && refuse && change && stale && unfound && repeat)) throw new Error('six ids were made');
    const asked = 'ExtensionRequested';
    await owner.commit([opening(show, { a: 5 }), hold]);
    await owner.commit([
      {
        requestId: extend,
        decision: { type: 'HoldExtended', ...refOf(hold), expiresAtMs: BASE_MS + 90_000 },
      },
      {
        requestId: refuse,
        decision: { type: 'RequestRefused', asked, reservationId, reason: 'extension-used' },
      },
      { requestId: change, decision: changing(show, { a: 7 }) },
      {
        requestId: stale,
        decision: {
          type: 'RequestRefused',
          asked: 'ShowChangeRequested',
          showId: show,
          reason: 'stale-revision',
        },
      },
      { requestId: unfound, decision: { type: 'RequestRefused', asked, reservationId, reason: 'not-found' } },
      {
        requestId: repeat,
        decision: {
          type: 'RequestRefused',
          asked,
          reservationId,
          reason: 'duplicate-request',
          firstId: extend,
        },
      },
    ]);
    const reservation = (await store.reservations([reservationId])).get(reservationId);
    const ledger = (await store.ledgers([show])).get(show);
    if (!reservation || !ledger) throw new Error('both were committed');
    const expected: readonly KnownRequest[] = [
      { type: 'answer', requestId: extend, reservation },
      { type: 'answer', requestId: refuse, refusal: { reason: 'extension-used' }, reservation },
      { type: 'answer', requestId: change, show: ledger },
      { type: 'answer', requestId: stale, refusal: { reason: 'stale-revision' } },
      { type: 'answer', requestId: unfound, refusal: { reason: 'not-found' } },
      {
        type: 'answer',
        requestId: repeat,
        refusal: { reason: 'duplicate-request', firstId: extend },
        reservation,
      },
    ];
    const known = await store.known([...ids, newId(partition)]);
    assert.equal(known, new Map(ids.map((id, n) => [id, expected[n]])));
  });

  test('a request that made no row of its own is a duplicate too when it comes again, in any partition', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const hold = held(show, [lineOf('a', 1)], { expiresAtMs: BASE_MS + 60_000 });
    const { reservationId } = hold;
    await owner.commit([opening(show, { a: 5 }), hold]);
    const refused = {
      requestId: newId(partition),
      decision: { type: 'RequestRefused', asked: 'ExtensionRequested', reservationId, reason: 'forbidden' },
    } as const;
    assert.equal(await owner.commit([refused]), { type: 'committed' });
    assert.equal(await owner.commit([refused]), { type: 'duplicate' });
    const elsewhere = await newOwner(store, newPartition());
    assert.equal(await elsewhere.commit([refused]), { type: 'duplicate' });
    const again = { requestId: newId(partition), decision: refused.decision };
    assert.equal(await owner.commit([again, again]), { type: 'duplicate' });
  });
};
