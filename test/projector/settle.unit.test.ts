import { noTotals } from '../../src/domain/customer.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { type Memory, newMemory } from '../../src/projector/memory.ts';
import { settle } from '../../src/projector/settle.ts';
import { cancelling, changing } from '../domain/ask.ts';
import { customerId, line, opening, request, reservationId, showId } from '../domain/generate.ts';
import { inAWord } from '../domain/story.ts';
import { newDatabaseStore } from '../model/database-store.ts';
import { newWorld, type World } from '../model/world.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('settle');

const readMs = 10_000;
const ask = (n: number, quantity: number): RequestEvent => request(n, [line('stalls', quantity)]);

/** Settles these batches in turn, each at its own time, and returns the result of each request. */
const play = async (
  batches: readonly (readonly RequestEvent[])[],
  times: readonly number[] = [],
  memory?: Memory,
): Promise<{ readonly words: readonly string[]; readonly world: World }> => {
  const world = await newWorld({ batchMax: 2, newStore: newDatabaseStore, memory });
  let sequence = 0;
  for (const [n, batch] of batches.entries()) {
    const atMs = times[n] ?? readMs + n;
    const entries = batch.map((each) => ({
      streamId: newStreamId(atMs, ++sequence),
      content: { type: 'request', request: each } as const,
    }));
    await world.settle(entries, atMs);
  }
  return { words: world.journal().map(({ decision }) => inAWord(decision)), world };
};

test('the customer limit holds in the very batch that opens the show', async () => {
  const { words } = await play([[opening({ stalls: 9 }, { maxPerCustomer: 2 }), ask(1, 2), ask(2, 1)]]);
  assert.equal(words, ['ShowOpened', 'ReservationConfirmed', 'customer-limit']);
});

test('a limit that comes back counts what was reserved and cancelled while there was none', async () => {
  const { words } = await play([
    [opening({ stalls: 9 }, { maxPerCustomer: 2 })],
    [ask(1, 2)],
    [changing({ rules: { maxPerCustomer: null } })],
    [cancelling(1)],
    [ask(2, 3)],
    [changing({ revisions: [2], rules: { maxPerCustomer: 4 } })],
    [ask(3, 2)],
    [ask(4, 1)],
  ]);
  assert.equal(words.slice(-3), ['ShowChanged', 'customer-limit', 'ReservationConfirmed']);
});

test('a customer whose totals make way for those of others has the same limit in that very batch', async () => {
  const memory = newMemory(10_000);
  const { world } = await play([[opening({ stalls: 9 }, { maxPerCustomer: 2 }), ask(1, 2)]], [], memory);
  const { customers, ledgers } = world.owned();
  // Alice's totals are the oldest in the cache, and there is no room for one more entry.
  for (let n = 0; customers.bytes + ledgers.bytes < 9_900; n += 1) customers.set(`nobody ${n}`, noTotals);
  const requests = [ask(2, 1), request(3, [line('stalls', 1)], showId(1), 'bob')];
  const entries = requests.map((each, n) => ({
    streamId: newStreamId(readMs + 1, 100 + n),
    content: { type: 'request', request: each } as const,
  }));
  await world.settle(entries, readMs + 1);
  assert.equal(
    world
      .journal()
      .map(({ decision }) => inAWord(decision))
      .slice(2),
    ['customer-limit', 'ReservationConfirmed'],
  );
});

test('an opening that comes again is absorbed and told again as the show is by then, not parked', async () => {
  const again = opening({ stalls: 9 });
  const { words, world } = await play([[again], [again, ask(1, 1)]]);
  assert.equal(words, ['ShowOpened', 'ReservationConfirmed']);
  assert.is(world.parked().size, 0);
  const show = world.tables().ledgers.get(showId(1));
  assert.is(show?.pools[0]?.confirmed, 1);
  assert.equal(world.published().get(showId(1)), { type: 'show', show });
});

test('a key of an earlier batch is found although nobody looked for it at first, and all is decided once', async () => {
  const key = { hash: 'a'.repeat(32), fingerprint: 'b'.repeat(32) };
  const { words, world } = await play([
    [opening({ stalls: 3 })],
    [{ ...ask(1, 1), key }],
    [ask(2, 1), { ...ask(3, 1), key }, ask(4, 1)],
  ]);
  assert.equal(words.slice(2), ['ReservationConfirmed', 'duplicate-request', 'ReservationConfirmed']);
  assert.is(world.tables().ledgers.get(showId(1))?.pools[0]?.confirmed, 3);
});

test('all holds that are due lapse first, in as many transactions as it takes, so nothing is falsely sold out', async () => {
  const holds = [1, 2, 3, 4, 5].map((n) => ask(n, 1));
  const { words, world } = await play(
    [[opening({ stalls: 5 }, { holdSeconds: 1 })], holds, [ask(6, 5)]],
    [readMs, readMs + 1, readMs + 1_100],
  );
  assert.equal(words.slice(6), [...holds.map(() => 'HoldExpired'), 'ReservationHeld']);
  assert.is(world.tables().reservations.get(reservationId(1))?.status, 'expired');
});

test('an owner knows how many holds lapsed in the batch, because the next read leaves room for as many', async () => {
  const holds = [1, 2].map((n) => ask(n, 1));
  const { world } = await play([[opening({ stalls: 5 }, { holdSeconds: 1 })], holds], [readMs, readMs + 1]);
  const reading = { nowMs: readMs + 1_100, lastDelivered: newStreamId(readMs, 9), isBacklog: false };
  await settle(world.owned(), { ...reading, entries: [] });
  assert.is(world.owned().lapsing, 2);
});

test('what failed beside a commit fails the step, once the commit has ended', async () => {
  const { world } = await play([[opening({ stalls: 5 })]]);
  const content = { type: 'request', request: ask(1, 1) } as const;
  const entries = [{ streamId: newStreamId(readMs + 1, 9), content }];
  const reading = { entries, nowMs: readMs + 1, lastDelivered: newStreamId(readMs + 1, 9), isBacklog: false };
  const meanwhile = async (): Promise<never> => {
    throw new Error('failed beside the commit');
  };
  let failure: unknown;
  await settle(world.owned(), reading, { meanwhile }).catch((error: unknown) => {
    failure = error;
  });
  assert.instance(failure, Error);
  assert.is(world.tables().reservations.get(reservationId(1))?.status, 'confirmed');
});

test('a hold has not lapsed a millisecond before its time', async () => {
  const { words } = await play(
    [[opening({ stalls: 5 }, { holdSeconds: 1 })], [ask(1, 5)], [ask(2, 1)]],
    [readMs, readMs + 1, readMs + 1_000],
  );
  assert.is(words.at(-1), 'sold-out');
});

test("another customer's reservation is not told to whoever asks for it", async () => {
  const stranger = cancelling(1, undefined, { customerId: customerId('mallory') });
  const { words, world } = await play([[opening({ stalls: 9 })], [ask(1, 1)], [stranger]]);
  assert.is(words.at(-1), 'not-found');
  assert.equal(world.published().get(stranger.requestId), {
    type: 'answer',
    requestId: stranger.requestId,
    refusal: { reason: 'not-found' },
  });
});
