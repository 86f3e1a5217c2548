import type { Decision } from '../../src/domain/decisions.ts';
import { reservationMade } from '../../src/domain/reservation.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { BASE_MS, entryAt, held, lineOf, newId, newOwner, refOf } from '../store/story.ts';
import { newReplay, replayEntry } from '../support/replay.ts';
import { assert, type Suite } from '../support/suite.ts';
import { oneHold } from './one-hold.ts';
import { newPartition, type Under } from './opened-store.ts';

const due = { untilMs: BASE_MS + 1_000_000, limit: 100 };

const listDue = async (store: PartitionStore, partition: number, untilMs = due.untilMs) =>
  (await store.dueHolds(partition, { ...due, untilMs })).holds;

export const holding = (test: Suite, under: Under): void => {
  test('a hold takes places, is found when it is due, and not before', async () => {
    const { store, partition, hold, numbers, now } = await oneHold(under);
    const made = reservationMade(entryAt(2, hold));
    assert.equal(await now(), made);
    assert.equal(await numbers(), [2, 0]);
    assert.is(await store.nextExpiryMs(partition), hold.expiresAtMs);
    const until = async (untilMs: number) => (await store.dueHolds(partition, { untilMs, limit: 9 })).holds;
    assert.equal(await until(hold.expiresAtMs - 1), []);
    assert.equal(await until(hold.expiresAtMs), [made]);
  });

  const endings: readonly (readonly [string, (hold: ReturnType<typeof held>) => Decision, string])[] = [
    [
      'confirmed',
      (h) => ({ type: 'ReservationConfirmed', ...refOf(h), lines: h.lines, from: 'held' }),
      '0,2',
    ],
    [
      'cancelled',
      (h) => ({ type: 'ReservationCancelled', ...refOf(h), from: 'held', released: h.lines }),
      '0,0',
    ],
    ['expired', (h) => ({ type: 'HoldExpired', ...refOf(h), released: h.lines }), '0,0'],
  ];
  for (const [status, end, numbersAfter] of endings) {
    test(`a hold that was ${status} is held no more, and a second end is refused`, async () => {
      const { store, partition, owner, hold, numbers, now } = await oneHold(under);
      const before = owner.standing.progress.position;
      assert.equal(await owner.commit([end(hold)]), { type: 'committed' });
      const after = await now();
      assert.is(after?.status, status);
      assert.is(after?.changedAtMs, BASE_MS + before + 1);
      assert.is(after?.reference, 'first');
      assert.is(String(await numbers()), numbersAfter);
      assert.is(await store.nextExpiryMs(partition), undefined);
      assert.equal(await listDue(store, partition), []);
      assert.is((await owner.commit([end(hold)])).type, 'refused');
      assert.is(String(await numbers()), numbersAfter);
    });
  }

  test('an extended hold is due later', async () => {
    const { store, partition, owner, hold, ref, now } = await oneHold(under);
    const expiresAtMs = hold.expiresAtMs + 5_000;
    await owner.commit([{ type: 'HoldExtended', ...ref, expiresAtMs }]);
    assert.equal(await listDue(store, partition, expiresAtMs - 1), []);
    assert.equal(await listDue(store, partition), [await now()]);
    assert.is((await now())?.extended, true);
    assert.is(await store.nextExpiryMs(partition), expiresAtMs);
  });

  test('a hold that was reduced is held on with what is left', async () => {
    const { store, partition, owner, ref, numbers, now } = await oneHold(under);
    const [lines, released] = [[lineOf('a', 1)], [lineOf('a', 1)]];
    await owner.commit([{ type: 'ReservationReduced', ...ref, from: 'held', released, lines }]);
    assert.equal((await now())?.lines, lines);
    assert.equal(await numbers(), [1, 0]);
    assert.equal(await listDue(store, partition), [await now()]);
  });

  test('an expired hold that is confirmed late takes its places again', async () => {
    const { owner, hold, ref, numbers, now } = await oneHold(under);
    await owner.commit([{ type: 'HoldExpired', ...ref, released: hold.lines }]);
    const late = { type: 'ReservationConfirmed', ...ref, lines: hold.lines, from: 'expired' } as const;
    assert.equal(await owner.commit([{ ...late, reference: 'second' }]), { type: 'committed' });
    assert.is((await now())?.status, 'confirmed');
    assert.is((await now())?.reference, 'second');
    assert.equal(await numbers(), [0, 2]);
  });
};

/** Several decisions, or several reservations, in one batch. */
export const holdingTogether = (test: Suite, under: Under): void => {
  test('what happens to a reservation in one batch is one row, made before it or in it', async () => {
    const { store, partition, owner, show, hold, ref, now } = await oneHold(under);
    const born = held(show, [lineOf('a', 3)], { expiresAtMs: BASE_MS + 70_000 });
    const stays = held(show, [lineOf('a', 1)], { expiresAtMs: BASE_MS + 80_000 });
    const life: readonly Decision[] = [
      { type: 'HoldExtended', ...ref, expiresAtMs: BASE_MS + 90_000 },
      { type: 'ReservationConfirmed', ...ref, lines: hold.lines, reference: 'paid', from: 'held' },
      {
        type: 'ReservationReduced',
        ...ref,
        from: 'confirmed',
        released: [lineOf('a', 1)],
        lines: [lineOf('a', 1)],
      },
      born,
      { type: 'HoldExtended', ...refOf(born), expiresAtMs: BASE_MS + 95_000 },
      { type: 'ReservationCancelled', ...refOf(born), from: 'held', released: born.lines },
      stays,
      { type: 'HoldExtended', ...refOf(stays), expiresAtMs: BASE_MS + 99_000 },
    ];
    const entries = life.map((decision, n) => entryAt(owner.standing.progress.position + 1 + n, decision));
    const replay = newReplay();
    const first = await now();
    if (first) replay.reservations.set(first.id, first);
    const ledger = (await store.ledgers([show])).get(show);
    if (ledger) replay.ledgers.set(show, ledger);
    for (const entry of entries) replayEntry(replay, entry);
    assert.equal(await owner.commit(life), { type: 'committed' });
    const ids = [ref, born, stays].map(({ reservationId }) => reservationId);
    assert.equal(new Map(await store.reservations(ids)), replay.reservations);
    assert.equal((await store.ledgers([show])).get(show), replay.ledgers.get(show));
    assert.equal(
      (await listDue(store, partition)).map(({ id }) => id),
      [stays.reservationId],
    );
    assert.is(await store.nextExpiryMs(partition), BASE_MS + 99_000);
  });

  test('holds come due the earliest first, some at a time, and only those of the partition', async () => {
    const { store, partition, owner, show, hold } = await oneHold(under);
    await oneHold(under);
    const others = [30_000, 40_000, 40_000].map((ms) =>
      held(show, [lineOf('a', 1)], { expiresAtMs: BASE_MS + ms }),
    );
    await owner.commit(others.toReversed());
    const ids = [...others, hold].map(({ reservationId }) => reservationId);
    const listed = async (limit: number) =>
      (await store.dueHolds(partition, { ...due, limit })).holds.map(({ id }) => id);
    assert.equal(await listed(10), ids);
    assert.equal(await listed(2), ids.slice(0, 2));
    assert.is(await store.nextExpiryMs(partition), BASE_MS + 30_000);
  });

  test('a change to a reservation of another partition, or to none, is refused whole', async () => {
    const { owner, now, ref } = await oneHold(under);
    const elsewhere = await newOwner(under().store, newPartition());
    const extended = { type: 'HoldExtended', ...ref, expiresAtMs: BASE_MS + 90_000 } as const;
    assert.is((await elsewhere.commit([extended])).type, 'refused');
    const nobody = { ...extended, reservationId: newId(owner.standing.claim.partition) };
    assert.is((await owner.commit([extended, nobody])).type, 'refused');
    assert.is((await now())?.extended, undefined);
  });
};
