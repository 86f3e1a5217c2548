import { evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import { reservationMade } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { claimFor } from '../store/claim-for.ts';
import {
  batchOf,
  confirmed,
  entryAt,
  lineOf,
  newId,
  newOwner,
  newPoolId,
  opening,
  rejected,
} from '../store/story.ts';
import { assert, type Suite, suite } from '../support/suite.ts';
import { newPartition, type OpenedStore, type Under } from './opened-store.ts';
import { history, totals } from './store-accounts.ts';
import { claims } from './store-claims.ts';
import { groups } from './store-groups.ts';
import { keys, repeated } from './store-keys.ts';
import { laws } from './store-laws.ts';
import { holding, holdingTogether } from './store-life.ts';
import { listing } from './store-lists.ts';
import { parking, reading } from './store-reads.ts';
import { changingShows } from './store-shows.ts';
import { sides } from './store-sides.ts';

/** What every implementation of the store promises. */
export const storeContract = (name: string, open: () => Promise<OpenedStore>): void => {
  const test = suite(`store contract: ${name}`);
  const opened: OpenedStore[] = [];
  test.before(async () => {
    opened.push(await open());
  });
  test.after(async () => {
    for (const { close } of opened) await close();
  });
  const under = (): OpenedStore => {
    const [first] = opened;
    if (!first) throw new Error('the store was not opened');
    return first;
  };
  claims(test, under);
  sides(test, under);
  commits(test, under);
  refusals(test, under);
  groups(test, under);
  parking(test, under);
  reading(test, under);
  listing(test, under);
  holding(test, under);
  holdingTogether(test, under);
  history(test, under);
  totals(test, under);
  changingShows(test, under);
  keys(test, under, open);
  repeated(test, under);
  laws(test, under);
};

const commits = (test: Suite, under: Under): void => {
  test('a committed batch is seen whole: show, pools, reservations, journal, watermark', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const open = opening(show, { b: 5, a: 7 });
    const yes = confirmed(show, [lineOf('b', 2), lineOf('a', 1)], { reference: 'order 7' });
    const no = rejected(show, [lineOf('b', 9)], { reason: 'sold-out', poolId: newPoolId('b') });
    const before = owner.standing.progress.position;
    assert.equal(await owner.commit([open, yes, no]), { type: 'committed' });
    const entries = [open, yes, no].map((decision, index) => entryAt(before + 1 + index, decision));
    const ledger = entries.reduce<ShowLedger | undefined>(
      (state, { decision, decidedAtMs }) => evolve(state, decision, decidedAtMs),
      undefined,
    );
    assert.equal(await reader.show(show), { show: ledger });
    for (const entry of entries.slice(1)) {
      const reservation = reservationMade(entry);
      const id = reservation?.id ?? newId(partition);
      assert.equal(await reader.reservation(id), {
        reservation,
        watermark: owner.standing.progress.watermark,
      });
      assert.equal(await reader.history(id), [{ type: 'decision', entry }]);
    }
  });

  test('numbers above 2^53 survive in stream ids', async () => {
    const { store } = under();
    const partition = newPartition();
    const { standing } = await newOwner(store, partition);
    const watermark = newStreamId('18446744073709551615', '9007199254740993');
    const batch = batchOf(standing, []);
    assert.equal(await store.commit({ ...batch, after: { ...batch.after, watermark } }), {
      type: 'committed',
    });
    assert.is((await claimFor(store, partition, 'next')).progress.watermark, watermark);
  });

  test('two thousand decisions are one batch', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const many = Array.from({ length: 1_999 }, () => confirmed(show, [lineOf('a', 3)]));
    assert.equal(await owner.commit([opening(show, { a: 6_000 }), ...many]), { type: 'committed' });
    assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, 1_999 * 3);
  });
};

const refusals = (test: Suite, under: Under): void => {
  test('a request that has a decision is a duplicate, and nothing of its batch is applied', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const once = confirmed(show, [lineOf('a', 1)]);
    const innocent = newId(partition);
    await owner.commit([opening(show, { a: 5 }), once]);
    const again = [confirmed(show, [lineOf('a', 2)], { id: innocent }), once];
    assert.equal(await owner.commit(again), { type: 'duplicate' });
    assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, 1);
    assert.equal(await reader.reservation(innocent), { watermark: owner.standing.progress.watermark });
    assert.is(
      (await newOwner(store, partition)).standing.progress.position,
      owner.standing.progress.position,
    );
  });

  test('a show is opened once', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    await owner.commit([opening(show, { a: 5 })]);
    assert.equal(await owner.commit([opening(show, { a: 50 })]), { type: 'duplicate' });
  });

  test('a pool never holds more than its capacity, whatever the caller computed', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    await owner.commit([opening(show, { a: 5, b: 5 }), confirmed(show, [lineOf('a', 4)])]);
    const ids = [newId(partition), newId(partition)];
    const verdict = await owner.commit(
      ids.map((id) => confirmed(show, [lineOf('b', 1), lineOf('a', 1)], { id })),
    );
    assert.is(verdict.type, 'refused');
    assert.equal(
      (await store.ledgers([show])).get(show)?.pools.map((pool) => pool.confirmed),
      [4, 0],
    );
    for (const id of ids) assert.is((await reader.reservation(id)).reservation, undefined);
    assert.is(
      (await newOwner(store, partition)).standing.progress.position,
      owner.standing.progress.position,
    );
  });

  test('a show of another partition is not touched', async () => {
    const { store } = under();
    const [here, there] = [newPartition(), newPartition()];
    const show = newId(there);
    await (await newOwner(store, there)).commit([opening(show, { a: 5 })]);
    const verdict = await (await newOwner(store, here)).commit([confirmed(show, [lineOf('a', 1)])]);
    assert.is(verdict.type, 'refused');
    assert.is((await store.ledgers([show])).get(show)?.pools[0]?.confirmed, 0);
  });

  test('a pool that does not exist is refused', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    await owner.commit([opening(show, { a: 5 })]);
    assert.is((await owner.commit([confirmed(show, [lineOf('b', 1)])])).type, 'refused');
  });

  for (const [what, customer, reference] of [
    ['a customer longer than the column', 'x'.repeat(129), undefined],
    ['a reference longer than the column', 'anyone', 'x'.repeat(513)],
    ['half a surrogate pair', 'anyone \ud83d', undefined],
  ] as const) {
    test(`${what} is refused, not cut`, async () => {
      const { store } = under();
      const partition = newPartition();
      const owner = await newOwner(store, partition);
      const show = newId(partition);
      const wish = { customer, ...(reference !== undefined && { reference }) };
      const verdict = await owner.commit([opening(show, { a: 5 }), confirmed(show, [lineOf('a', 1)], wish)]);
      assert.is(verdict.type, 'refused');
      assert.equal(await store.ledgers([show]), new Map());
    });
  }
};
