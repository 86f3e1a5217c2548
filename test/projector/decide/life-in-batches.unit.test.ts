import type { RequestEvent } from '../../../src/domain/requests.ts';
import type { Reservation } from '../../../src/domain/reservation.ts';
import type { DecidedBatch } from '../../../src/projector/decide/batch.ts';
import { cancelling, changing, confirming, extending } from '../../domain/ask.ts';
import {
  customerId,
  line,
  opening,
  poolId,
  requestId,
  reservationId,
  showId,
} from '../../domain/generate.ts';
import { cells } from '../../domain/state-table.ts';
import { assert, suite } from '../../support/suite.ts';
import { ask, decided, entry, inOne, ledger, newcomers, type TestInput, words } from '../batch-of.ts';
import { storyByBatches } from '../story-by-batches.ts';

const test = suite('life in batches');

for (const { promise, play, answer, becomes, pool } of cells) {
  test(`${promise}, a batch each`, () => {
    const story = storyByBatches();
    assert.is(play(story), answer);
    assert.is(story.reservation(1)?.status, becomes);
    const [{ held, confirmed } = { held: -1, confirmed: -1 }] = story.ledger().pools;
    assert.equal([held, confirmed], pool);
    assert.is(story.totals().places, held + (becomes === 'confirmed' ? confirmed : 0));
    assert.is(story.totals().holds, becomes === 'held' ? 1 : 0);
  });
}

const numbers = ({ ledgers }: DecidedBatch): number[] => {
  const pool = ledgers.get(showId(1))?.pools[0];
  return [pool?.held ?? -1, pool?.confirmed ?? -1];
};

/** Three stalls, all on a hold of reservation 1 that has just run out. */
const oneDue = (): TestInput & { readonly due: readonly [Reservation] } => {
  const before = inOne([ask(1, 3)], { ledgers: new Map([[showId(1), ledger(3, { holdSeconds: 1 })]]) });
  const due = before.reservations.get(reservationId(1));
  if (due?.status !== 'held') throw new Error('not held');
  const { ledgers, customers, after } = before;
  return { ledgers, customers, before: after, due: [due], nowMs: due.expiresAtMs ?? 0 };
};

/** An entry that arrives after that hold has ended. */
const later = (n: number, each: RequestEvent) => entry(10_000 + n, each);

test('holds that are due lapse before anything is decided, and their places are sold in the same batch', () => {
  const batch = decided([later(1, ask(2, 3, 'bob'))], oneDue());
  assert.equal(words(batch), ['HoldExpired', 'ReservationHeld']);
  assert.equal(numbers(batch), [3, 0]);
  assert.is(batch.reservations.get(reservationId(1))?.status, 'expired');
});

test('a lapse is nobody’s request, is never late and takes a position of its own', () => {
  const input = oneDue();
  const [lapsed, next] = decided([later(1, ask(2, 1))], input).journal;
  assert.equal([lapsed?.requestId, lapsed?.streamId, lapsed?.late], [undefined, undefined, false]);
  assert.is(lapsed?.position, (input.before?.position ?? 0) + 1);
  assert.is(next?.position, (input.before?.position ?? 0) + 2);
});

test('a lapsed hold no longer counts for its customer in the same batch', () => {
  const input = oneDue();
  const rules = { holdSeconds: 1, maxPerCustomer: 3 };
  const ledgers = new Map([...(input.ledgers ?? [])].map(([id, it]) => [id, { ...it, rules }] as const));
  assert.equal(words(decided([later(1, ask(2, 3))], { ...input, ledgers })), [
    'HoldExpired',
    'ReservationHeld',
  ]);
  assert.equal(words(decided([later(1, ask(2, 3))], { ...input, ledgers, due: [] })), ['customer-limit']);
});

test('confirms and cancels that come with a lapse find it lapsed, and places come back once', () => {
  const asks = [cancelling(1), confirming(1), confirming(1), cancelling(1), cancelling(1), confirming(1)];
  const batch = decided(
    asks.map((each, n) => later(n, each)),
    oneDue(),
  );
  assert.equal(words(batch), [
    'HoldExpired',
    'RequestSatisfied',
    'ReservationConfirmed',
    'RequestSatisfied',
    'ReservationCancelled',
    'RequestSatisfied',
    'already-cancelled',
  ]);
  assert.equal(numbers(batch), [0, 0]);
});

test('what is cancelled or given back is sold to the next entry of the batch', () => {
  const batch = inOne([
    ask(1, 3),
    ask(2, 1),
    cancelling(1, [line('stalls', 1)]),
    ask(3, 1),
    ask(4, 1),
    cancelling(1),
    ask(5, 2),
  ]);
  assert.equal(words(batch), [
    'ReservationConfirmed',
    'sold-out',
    'ReservationReduced',
    'ReservationConfirmed',
    'sold-out',
    'ReservationCancelled',
    'ReservationConfirmed',
  ]);
  assert.equal(numbers(batch), [0, 3]);
});

test('capacity returns once, however often one cancellation and however many of them arrive', () => {
  const one = cancelling(1);
  const batch = inOne([
    ask(1, 3),
    one,
    one,
    cancelling(1),
    cancelling(1, [line('stalls', 1)]),
    one,
    ask(2, 3),
    ask(3, 1),
  ]);
  assert.equal(words(batch), [
    'ReservationConfirmed',
    'ReservationCancelled',
    'RequestSatisfied',
    'RequestSatisfied',
    'ReservationConfirmed',
    'sold-out',
  ]);
});

test('a follow-up that is known acts no second time', () => {
  const one = cancelling(1, [line('stalls', 1)]);
  const batch = inOne([ask(1, 3), one], { known: new Set([one.requestId]) });
  assert.equal(words(batch), ['ReservationConfirmed']);
  assert.equal(numbers(batch), [0, 3]);
});

test('a whole life in one batch: opened, limited, held, extended, confirmed, reduced, cancelled', () => {
  const batch = inOne(
    [
      opening({ stalls: 3 }, { holdSeconds: 60 }),
      ask(1, 3),
      changing({ rules: { maxPerCustomer: 3 } }),
      ask(2, 1),
      extending(1),
      confirming(1),
      cancelling(1, [line('stalls', 2)]),
      ask(3, 3),
      ask(4, 2),
      cancelling(1),
    ],
    { ledgers: new Map() },
  );
  assert.equal(words(batch), [
    'ShowOpened',
    'ReservationHeld',
    'ShowChanged',
    'customer-limit',
    'HoldExtended',
    'ReservationConfirmed',
    'ReservationReduced',
    'customer-limit',
    'ReservationHeld',
    'ReservationCancelled',
  ]);
  assert.equal(numbers(batch), [2, 0]);
  assert.is(batch.reservations.get(reservationId(1))?.status, 'cancelled');
  assert.equal([...batch.customers.values()][0], { places: 2, holds: 1 });
});

test('the second of two equal changes in a batch is stale', () => {
  const wider = { pools: [{ id: poolId('stalls'), capacity: 4 }] };
  const batch = inOne([changing(wider), changing(wider), ask(1, 4)]);
  assert.equal(words(batch), ['ShowChanged', 'stale-revision', 'ReservationConfirmed']);
});

test('a hold of a batch counts from the batch’s own time', () => {
  const batch = inOne([ask(1, 1)], {
    ledgers: new Map([[showId(1), ledger(3, { holdSeconds: 60 })]]),
    nowMs: 9_000,
  });
  assert.is(batch.reservations.get(reservationId(1))?.expiresAtMs, 69_000);
});

test('a follow-up for a reservation of another partition is parked', () => {
  const astray = { ...cancelling(1), reservationId: reservationId(1, 7) };
  assert.match(inOne([astray]).parked[0]?.why ?? '', 'belongs to partition 7');
  const foreignId = { ...cancelling(1), requestId: requestId(1, 7) };
  assert.match(inOne([foreignId]).parked[0]?.why ?? '', 'belongs to partition 7');
});

test('another customer of the same batch finds nothing to confirm or cancel', () => {
  const who = { customerId: customerId('bob') };
  const batch = inOne([ask(1, 3), cancelling(1, undefined, who), confirming(1, who), ask(2, 1)]);
  assert.equal(words(batch), ['ReservationConfirmed', 'not-found', 'not-found', 'sold-out']);
});

test('customers that are not counted are not made up', () =>
  assert.equal([...inOne([ask(1, 1)], { customers: new Map() }).customers.keys()], []));

test('what was committed before stays as it was', () => {
  const input = oneDue();
  const [due] = input.due;
  decided([later(1, confirming(1))], input);
  assert.is(due.status, 'held');
  assert.is(input.ledgers?.get(showId(1))?.pools[0]?.held, 3);
  assert.equal([...newcomers.values()][0], { places: 0, holds: 0 });
});
