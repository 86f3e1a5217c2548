import { Buffer } from 'node:buffer';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { ParkedEntry } from '../../src/store/contract.ts';
import {
  BASE_MS,
  confirmed,
  lineOf,
  newCustomerId,
  newId,
  newOwner,
  opening,
  rejected,
} from '../store/story.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type Under } from './opened-store.ts';

export const parking = (test: Suite, under: Under): void => {
  test('a parked request keeps a pending reservation, is known, and has its line in history', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const parked = parkedReservation(partition);
    assert.equal(await owner.commit([], [parked]), { type: 'committed' });
    const { id, reservation, streamId, why, parkedAtMs } = parked;
    assert.equal(await reader.reservation(id), { reservation, watermark: owner.standing.progress.watermark });
    assert.equal(await store.known([id]), new Map([[id, { type: 'parked' }]]));
    assert.equal(await reader.history(id), [{ type: 'parked', streamId, why, parkedAtMs }]);
  });

  test('an entry that is no request can be parked, twice too, however long it is', async () => {
    const { store } = under();
    const owner = await newOwner(store, newPartition());
    const raw = Buffer.alloc(200_000, 0xfe);
    const entry = {
      streamId: newStreamId(7, 1),
      raw,
      why: 'not \ud83d readable',
      parkedAtMs: BASE_MS,
      attempts: 1,
    };
    assert.equal(await owner.commit([], [entry]), { type: 'committed' });
    assert.equal(await owner.commit([], [entry]), { type: 'committed' });
  });

  test('a request that is parked is a duplicate when it comes again', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const parked = parkedReservation(partition);
    await owner.commit([opening(show, { a: 5 })], [parked]);
    const again = confirmed(show, [lineOf('a', 1)], { id: parked.id });
    assert.equal(await owner.commit([again]), { type: 'duplicate' });
  });

  test('whatever it asked for, and whoever owns the partition by then', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const about = confirmed(show, [lineOf('a', 1)]);
    await owner.commit([opening(show, { a: 5 }), about]);
    const { reservation: _reservation, ...parked } = parkedReservation(partition);
    await owner.commit([], [parked]);
    const again = {
      requestId: parked.id,
      decision: { type: 'RequestRefused', asked: 'ExtensionRequested', showId: show, reason: 'not-held' },
    } as const;
    assert.equal(await owner.commit([again]), { type: 'duplicate' });
    assert.equal(await (await newOwner(store, partition)).commit([again]), { type: 'duplicate' });
  });

  test('also where it was parked on the way to its own partition', async () => {
    const { store } = under();
    const [astray, own] = [newPartition(), newPartition()];
    const show = newId(own);
    const parked = parkedReservation(own);
    await (await newOwner(store, astray)).commit([], [parked]);
    const owner = await newOwner(store, own);
    await owner.commit([opening(show, { a: 5 })]);
    const again = confirmed(show, [lineOf('a', 1)], { id: parked.id });
    assert.equal(await owner.commit([again]), { type: 'duplicate' });
  });
};

const parkedReservation = (partition: number) => {
  const id = newId(partition);
  const streamId = newStreamId(BASE_MS, 3);
  return {
    id,
    streamId,
    requestId: id,
    reservation: {
      id,
      showId: newId(partition),
      customerId: newCustomerId('someone'),
      status: 'pending',
      lines: [lineOf('a', 1)],
      requestedAtMs: BASE_MS,
    },
    raw: Buffer.from('{'),
    why: 'it ended too early',
    parkedAtMs: BASE_MS + 5,
    attempts: 2,
  } as const satisfies ParkedEntry & { readonly id: string };
};

export const reading = (test: Suite, under: Under): void => {
  test('known tells reservations, shows and what it never saw apart', async () => {
    const { store } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const no = newId(partition);
    await owner.commit([
      opening(show, { a: 5 }),
      rejected(show, [lineOf('a', 1)], { id: no, reason: 'sale-closed' }),
    ]);
    const known = await store.known([show, no, newId(partition)]);
    assert.is(known.size, 2);
    assert.equal(known.get(show), { type: 'show', show: (await store.ledgers([show])).get(show) });
    const seen = known.get(no);
    assert.is(seen?.type === 'reservation' && seen.reservation.reason, 'sale-closed');
  });

  test('the shows of a partition come in pages that leave none out', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const ids = Array.from({ length: 5 }, () => newId(partition));
    await owner.commit(ids.map((id) => opening(id, { a: 5, b: 6 })));
    const first = await store.ledgersOfPartition(partition, { limit: 2 });
    const last = first.next ?? newId(partition);
    const rest = await store.ledgersOfPartition(partition, { after: last, limit: 10 });
    assert.equal([...first.ledgers.keys(), ...rest.ledgers.keys()], ids);
    assert.is(rest.next, undefined);
    const newest = await reader.shows({ limit: 3 });
    assert.equal(
      newest.map((row) => [row.id, 'value' in row && row.value.showId]),
      ids
        .toReversed()
        .slice(0, 3)
        .map((id) => [id, id]),
    );
    const older = await reader.shows({ after: newest.at(-1)?.id ?? last, limit: 1 });
    assert.is(older[0]?.id, ids[1]);
  });

  test('names that differ by case, by a space or by alphabet are different customers', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const names = ['Alice', 'alice', 'Alice ', '서울', '🎫 "quoted" \\ \u0000'];
    await owner.commit([
      opening(show, { a: 50 }),
      ...names.map((customer) => confirmed(show, [lineOf('a', 1)], { customer })),
    ]);
    for (const name of names) {
      const { rows: own } = await reader.reservations({ customerId: newCustomerId(name), limit: 10 });
      assert.equal(
        own.map((row) => 'value' in row && row.value.customerId),
        [name],
      );
    }
  });

  test('many looks at once get each their own answer', async () => {
    const { store, reader } = under();
    const partition = newPartition();
    const owner = await newOwner(store, partition);
    const show = newId(partition);
    const ids = Array.from({ length: 600 }, () => newId(partition));
    await owner.commit([
      opening(show, { a: 600 }),
      ...ids.map((id) => confirmed(show, [lineOf('a', 1)], { id })),
    ]);
    const answers = await Promise.all([...ids, newId(partition)].map((id) => reader.reservation(id)));
    assert.equal(
      answers.map(({ reservation }) => reservation?.id),
      [...ids, undefined],
    );
  });
};
