import { parseRequestId } from '../../src/domain/ids.ts';
import { ClaimElsewhere } from '../../src/store/contract.ts';
import { batchOf, confirmed, lineOf, newCustomerId, newId, newOwner, opening } from '../store/story.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type Under } from './opened-store.ts';

const isElsewhere = async (asked: Promise<unknown>): Promise<boolean> =>
  await asked.then(
    () => false,
    (error: unknown) => error instanceof ClaimElsewhere,
  );

/** Reads with a claim that was made on another server than the one that answers. */
export const sides = (test: Suite, under: Under): void => {
  test('an owner reads nothing on another server than that of its claim', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const showId = newId(partition);
    await owner.commit([opening(showId, { a: 5 })]);
    const { claim } = owner.standing;
    const customerId = newCustomerId('anyone');
    const reads = (held: typeof claim): Readonly<Record<string, () => Promise<unknown>>> => ({
      ledgers: () => store.ledgers([showId], held),
      ledgersOfPartition: () => store.ledgersOfPartition(partition, { limit: 1 }, held),
      known: () => store.known([parseRequestId(newId(partition)) ?? []].flat(), held),
      keys: () => store.keys(['00'.repeat(32)], held),
      reservations: () => store.reservations([newId(partition)], held),
      customerTotals: () => store.customerTotals([{ showId, customerId }], held),
      dueHolds: () => store.dueHolds(partition, { untilMs: 1, limit: 1 }, held),
      nextExpiryMs: () => store.nextExpiryMs(partition, undefined, held),
    });
    for (const read of Object.values(reads(claim))) await read();
    for (const [name, read] of Object.entries(reads({ ...claim, server: 'another' })))
      assert.ok(await isElsewhere(read()), `${name} was answered`);
  });

  test('a claim does not stand on another server, and no batch of it is committed there', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const showId = newId(partition);
    await owner.commit([opening(showId, { a: 5 })]);
    const { progress } = owner.standing;
    const claim = { ...owner.standing.claim, server: 'another' };
    assert.is(await store.stands(claim, progress.position), undefined);
    const batch = batchOf({ claim, progress }, [confirmed(showId, [lineOf('a', 1)])]);
    assert.equal(await store.commit(batch), { type: 'fenced' });
    assert.ok(await store.stands(owner.standing.claim, progress.position));
  });
};
