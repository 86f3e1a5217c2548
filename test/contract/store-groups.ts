import { type Reservation, reservationMade } from '../../src/domain/reservation.ts';
import type { CommitVerdict } from '../../src/store/contract.ts';
import { claimFor } from '../store/claim-for.ts';
import { batchOf, confirmed, lineOf, newId, newSeller, type Seller } from '../store/story.ts';
import { together } from '../store/together.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type Under } from './opened-store.ts';

/**
 * Batches of several partitions that are committed together: they share one transaction, and each has its own
 * verdict.
 */
export const groups = (test: Suite, under: Under): void => {
  const sellers = () => {
    const store = together(under().store);
    return Promise.all(Array.from({ length: 4 }, () => newSeller(store, newPartition())));
  };
  const soldBy = (all: readonly Seller[]) => Promise.all(all.map(({ sold }) => sold()));

  test('partitions that commit at the same moment all do, and go on', async () => {
    const all = await sellers();
    for (let round = 1; round <= 3; round += 1) {
      const verdicts = await Promise.all(all.map(({ sell }) => sell()));
      assert.equal(
        verdicts.map(({ type }) => type),
        all.map(() => 'committed'),
      );
      assert.equal(
        await soldBy(all),
        all.map(() => round),
      );
    }
  });

  test('what was prepared for each alone is committed whole, alone or with that of others', async () => {
    const { store } = under();
    const batches = (await sellers()).map(({ owner: { standing }, show }) =>
      batchOf(
        standing,
        [1, 2].map((quantity) => confirmed(show, [lineOf('a', quantity)])),
      ),
    );
    for (const { claim, entries, parked } of batches)
      store.prepare({ partition: claim.partition, entries, parked });
    const verdicts = await Promise.all(store.commitTogether(batches));
    assert.equal(
      verdicts.map(({ type }) => type),
      batches.map(() => 'committed'),
    );
    const made = batches.flatMap(({ entries }) => entries.flatMap((entry) => reservationMade(entry) ?? []));
    const ids = made.map(({ id }) => id);
    assert.equal([...(await store.reservations(ids)).values()].toSorted(byId), made.toSorted(byId));
    assert.is((await store.known(ids)).size, made.length);
  });

  test('what was prepared and is not committed changes nothing', async () => {
    const { store } = under();
    const { owner, show, sell, sold } = await newSeller(store, newPartition());
    const { claim, entries, parked } = batchOf(owner.standing, [confirmed(show, [lineOf('a', 4)])]);
    store.prepare({ partition: claim.partition, entries, parked });
    assert.equal(await sell(5), { type: 'committed' });
    assert.is(await sold(), 5);
    assert.is((await store.known(entries.flatMap(({ requestId }) => requestId ?? []))).size, 0);
  });

  for (const [what, verdict, spoil] of [
    [
      'is fenced',
      'fenced',
      ({ owner }) => claimFor(under().store, owner.standing.claim.partition, 'successor'),
    ],
    ['takes more than there is', 'refused', ({ sell }) => sell(5)],
  ] as const satisfies readonly [string, CommitVerdict['type'], (one: Seller) => Promise<unknown>][])
    test(`one that ${what} at the same moment as others commit takes nobody with it`, async () => {
      const all = await sellers();
      const [, , spoilt] = all;
      if (!spoilt) throw new Error('there are four');
      await spoil(spoilt);
      const before = await spoilt.sold();
      const verdicts = await Promise.all(all.map(({ sell }) => sell()));
      const others = ['committed', 'committed', verdict, 'committed'];
      assert.equal(
        verdicts.map(({ type }) => type),
        others,
      );
      assert.equal(await soldBy(all), [1, 1, before, 1]);
    });

  test('one that repeats a request at the same moment as others commit takes nobody with it', async () => {
    const all = await sellers();
    const [, repeating] = all;
    if (!repeating) throw new Error('there are four');
    const id = newId(repeating.owner.standing.claim.partition);
    await repeating.sell(1, id);
    const verdicts = await Promise.all(all.map(({ sell }, n) => (n === 1 ? sell(2, id) : sell())));
    assert.equal(
      verdicts.map(({ type }) => type),
      ['committed', 'duplicate', 'committed', 'committed'],
    );
    assert.equal(await soldBy(all), [1, 1, 1, 1]);
  });
};

const byId = (a: Reservation, b: Reservation): number => (a.id < b.id ? -1 : 1);
