import { totalsKey } from '../../src/domain/customer.ts';
import type { Decision } from '../../src/domain/decisions.ts';
import {
  BASE_MS,
  confirmed,
  entryAt,
  held,
  lineOf,
  newCustomerId,
  newId,
  opening,
  rejected,
} from '../store/story.ts';
import { assert, type Suite } from '../support/suite.ts';
import { oneHold } from './one-hold.ts';
import type { Under } from './opened-store.ts';

export const history = (test: Suite, under: Under): void => {
  test('history has the request, every follow-up carried out or not, and the lapse, in order', async () => {
    const { reader, owner, show, hold, ref } = await oneHold(under);
    const { reservationId } = ref;
    const decisions: readonly Decision[] = [
      { type: 'HoldExtended', ...ref, expiresAtMs: BASE_MS + 90_000 },
      { type: 'RequestRefused', asked: 'ExtensionRequested', reservationId, reason: 'extension-used' },
      held(show, [lineOf('a', 1)], { expiresAtMs: BASE_MS + 1 }),
      { type: 'HoldExpired', ...ref, released: hold.lines },
      { type: 'RequestSatisfied', asked: 'CancellationRequested', ...ref },
    ];
    const at = owner.standing.progress.position;
    const entries = decisions.map((decision, n) => entryAt(at + 1 + n, decision));
    const told = entries.map(({ decision, requestId }) => ({ decision, ...(requestId && { requestId }) }));
    assert.equal(await owner.commit(told), { type: 'committed' });
    const about = [entryAt(at, hold), ...entries.filter((_, n) => n !== 2)];
    assert.equal(
      await reader.history(reservationId),
      about.map((entry) => ({ type: 'decision', entry })),
    );
  });

  test('a duplicate names the request that counts, in its reservation and in history', async () => {
    const { store, reader, owner, show } = await oneHold(under);
    const no = rejected(show, [lineOf('a', 1)], { reason: 'duplicate-request' });
    const firstId = newId(owner.standing.claim.partition);
    const decision = { ...no, firstId };
    await owner.commit([decision]);
    const id = 'reservationId' in no && no.reservationId ? no.reservationId : firstId;
    assert.is((await store.reservations([id])).get(id)?.firstId, firstId);
    const [item] = await reader.history(id);
    assert.equal(item?.type === 'decision' && item.entry.decision, decision);
  });
};

export const totals = (test: Suite, under: Under): void => {
  test('totals are what a customer holds and has confirmed of that show, and every pair has an answer', async () => {
    const { store, owner, show, hold, ref } = await oneHold(under);
    const other = newId(owner.standing.claim.partition);
    const mine = { customer: 'holder' };
    await owner.commit([
      opening(other, { a: 50, b: 50 }),
      confirmed(show, [lineOf('a', 1)], mine),
      confirmed(show, [lineOf('a', 1)], { customer: 'Holder' }),
      rejected(show, [lineOf('a', 9)], { ...mine, reason: 'sold-out' }),
      confirmed(other, [lineOf('a', 3), lineOf('b', 4)], mine),
    ]);
    const [holder, nobody] = [newCustomerId('holder'), newCustomerId('nobody 서울')];
    const pairs = [
      { showId: show, customerId: holder },
      { showId: other, customerId: holder },
      { showId: show, customerId: newCustomerId('Holder') },
      { showId: show, customerId: nobody },
    ];
    const ask = async () => {
      const found = await store.customerTotals(pairs);
      assert.is(found.size, pairs.length);
      return pairs.map(({ showId, customerId }) => found.get(totalsKey(showId, customerId)));
    };
    const rest = [
      { places: 7, holds: 0 },
      { places: 1, holds: 0 },
      { places: 0, holds: 0 },
    ];
    assert.equal(await ask(), [{ places: 3, holds: 1 }, ...rest]);
    await owner.commit([{ type: 'ReservationConfirmed', ...ref, lines: hold.lines, from: 'held' }]);
    assert.equal(await ask(), [{ places: 3, holds: 0 }, ...rest]);
    await owner.commit([{ type: 'ReservationCancelled', ...ref, from: 'confirmed', released: hold.lines }]);
    assert.equal(await ask(), [{ places: 1, holds: 0 }, ...rest]);
  });

  test('a hold of several pools is one hold', async () => {
    const { store, owner, partition } = await oneHold(under);
    const show = newId(partition);
    const lines = [lineOf('a', 1), lineOf('b', 2)];
    await owner.commit([opening(show, { a: 5, b: 5 }), held(show, lines, { expiresAtMs: BASE_MS + 9 })]);
    const found = await store.customerTotals([{ showId: show, customerId: newCustomerId('anyone') }]);
    assert.equal([...found.values()], [{ places: 3, holds: 1 }]);
  });
};
