import fc from 'fast-check';
import type { JournalEntry, PoolNumbers } from '../../../src/domain/decisions.ts';
import { deltasOf, type PoolLedger } from '../../../src/domain/ledger.ts';
import { cancelling, changing, confirming, extending } from '../../domain/ask.ts';
import { customerId, opening, poolId, sale, showId } from '../../domain/generate.ts';
import { newReplay, replayEntry } from '../../support/replay.ts';
import { assert, suite } from '../../support/suite.ts';
import { ask, decided, entry, inOne, ledger } from '../batch-of.ts';
import { asks, came, newTimeline } from '../timeline.ts';

/** The state after a decision that is stored with it, for later readers. */
const test = suite('state kept with decisions');

/** Numbers of the pool after an entry: the next numbers in the journal, less the changes in between. */
const toldAfter = (journal: readonly JournalEntry[], at: number, pool: string): PoolNumbers | undefined => {
  let held = 0;
  let confirmed = 0;
  for (const { decision, poolsAfter } of journal.slice(at)) {
    const there = poolsAfter?.find(([id]) => id === pool);
    if (decision !== journal[at]?.decision)
      for (const delta of deltasOf(decision)) {
        if (delta.poolId !== pool) continue;
        held -= delta.held;
        confirmed -= delta.confirmed;
      }
    if (there) return [there[0], there[1] + held, there[2] + confirmed, there[3]];
  }
  return undefined;
};

const numbersOf = ({ id, held, confirmed, capacity }: PoolLedger): PoolNumbers => [
  id,
  held,
  confirmed,
  capacity,
];

test('the numbers after any decision that moved a pool can be told from its batch, whatever the batch', () => {
  fc.assert(
    fc.property(sale, (it) => {
      const all = [it.opening, ...it.requests].map((each, n) => entry(n + 1, each));
      const { journal } = decided(all, { ledgers: new Map() });
      const replay = newReplay();
      for (const [at, made] of journal.entries()) {
        replayEntry(replay, made);
        for (const { showId: show, poolId: pool } of deltasOf(made.decision)) {
          const now = replay.ledgers.get(show)?.pools.find(({ id }) => id === pool);
          assert.equal(toldAfter(journal, at, pool), now && numbersOf(now));
        }
      }
    }),
  );
});

test('a batch keeps numbers once a show, of the pools it moved', () => {
  const { journal } = inOne([ask(1, 1), ask(2, 1)]);
  assert.equal(
    journal.map(({ poolsAfter }) => poolsAfter),
    [undefined, [['stalls', 0, 2, 3]]],
  );
});

test('a batch that only refuses keeps no numbers', () => {
  const { journal } = inOne([ask(1, 9)]);
  assert.equal(journal[0]?.poolsAfter, undefined);
});

test('while a capacity follows what comes back, all pools are told, also those that did not move', () => {
  const shrink = changing({ pools: [{ id: poolId('stalls'), capacity: 0 }], force: true });
  const opened = entry(1, opening({ stalls: 2, balcony: 3 }));
  const sold = [opened, entry(2, ask(1, 1)), entry(3, ask(2, 1)), entry(4, shrink)];
  const { ledgers, reservations, customers } = decided(sold, { ledgers: new Map() });
  const { journal } = decided([entry(5, cancelling(1))], { ledgers, reservations, customers });
  assert.equal(journal[0]?.poolsAfter, [
    ['stalls', 0, 1, 1],
    ['balcony', 0, 0, 3],
  ]);
});

test('a capacity that follows what comes back is told by each decision that moves it', () => {
  const shrink = changing({ pools: [{ id: poolId('stalls'), capacity: 0 }], force: true });
  const { journal } = inOne([ask(1, 1), ask(2, 1), shrink, cancelling(1), cancelling(2)]);
  assert.equal(
    journal.slice(2).map(({ poolsAfter }) => poolsAfter),
    [[['stalls', 0, 2, 2]], [['stalls', 0, 1, 1]], [['stalls', 0, 0, 0]]],
  );
});

test('the decision in front of a change of the show keeps its numbers, with the capacity of before', () => {
  const grow = changing({ pools: [{ id: poolId('stalls'), capacity: 9 }] });
  const { journal } = inOne([ask(1, 1), ask(2, 1), grow, ask(3, 1)]);
  assert.equal(
    journal.map(({ poolsAfter }) => poolsAfter),
    [undefined, [['stalls', 0, 2, 3]], [['stalls', 0, 2, 9]], [['stalls', 0, 3, 9]]],
  );
});

test('a later decision keeps what it does not say itself of the reservation', async () => {
  const timeline = await newTimeline({ capacity: 3, rules: { holdSeconds: 10 } });
  await timeline.read({ at: 0, entries: [came(0, asks(1))] });
  await timeline.read({
    at: 1,
    entries: [came(1, extending(1)), came(2, confirming(1, { reference: 'paid' }))],
  });
  const [held, extended, confirmed] = timeline.journal().slice(1);
  assert.is(held?.reservationAfter, undefined);
  const { requestedAtMs, decidedAtMs } = timeline.reservation(1) ?? {};
  const common = { requestedAtMs, decidedAtMs, expiresAtMs: 1_012_000, extended: true };
  const lines = [{ poolId: 'stalls', quantity: 1 }];
  assert.equal(extended?.reservationAfter, { ...common, status: 'held', lines });
  assert.equal(confirmed?.reservationAfter, { ...common, status: 'confirmed', reference: 'paid' });
});

test('a refusal keeps the reservation whole, and nothing of it for a stranger', () => {
  const rules = { holdSeconds: 10 };
  const ledgers = new Map([[showId(1), ledger(3, rules)]]);
  const stranger = confirming(1, { customerId: customerId('mallory') });
  const { journal } = inOne([ask(1, 1), cancelling(1), confirming(1), stranger], { ledgers });
  const [, cancelled, refused, foreign] = journal;
  assert.is(refused?.reservationAfter?.customerId, 'alice');
  assert.is(refused?.reservationAfter?.status, 'cancelled');
  assert.is(cancelled?.reservationAfter?.changedAtMs, undefined);
  assert.is(refused?.reservationAfter?.changedAtMs, cancelled?.decidedAtMs);
  assert.is(foreign?.reservationAfter, undefined);
});
