import fc from 'fast-check';
import { totalsKey } from '../../src/domain/customer.ts';
import type { ReservationId, ShowId } from '../../src/domain/ids.ts';
import { evolve } from '../../src/domain/ledger.ts';
import { limits } from '../../src/domain/limits.ts';
import { isFollowUp, type RequestEvent, requestIdOf } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { DecidedBatch } from '../../src/projector/decide/batch.ts';
import { decideBatch } from '../../src/projector/decide/decide-batch.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import {
  BASE_MS,
  confirmed,
  lineOf,
  newCustomerId,
  newId,
  newOwner,
  newPoolId,
  opening,
} from '../store/story.ts';
import { judged } from '../support/judged.ts';
import { assert, type Suite } from '../support/suite.ts';
import { newPartition, type Under } from './opened-store.ts';

const customers = ['ann', 'bob'].map(newCustomerId);

/** What a client requests next. `which` chooses among what exists by then. */
const wish = fc.record({
  what: fc.constantFrom('reserve', 'reserve', 'confirm', 'extend', 'cancel', 'reduce', 'change', 'rules'),
  which: fc.nat(),
  quantity: fc.integer({ min: 1, max: 4 }),
  lateMs: fc.constantFrom(0, 0, 0, 700),
});
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

interface World {
  readonly show: ShowId;
  readonly partition: number;
  readonly made: ReservationId[];
  revision: number;
}

const requestFor = ({ what, which, quantity }: Wish, world: World): RequestEvent => {
  const { show: showId, partition, made } = world;
  const customerId = customers[which % customers.length] ?? newCustomerId('ann');
  const pool = which % 3 === 0 ? 'a' : 'b';
  const reservationId = made[which % Math.max(1, made.length)] ?? newId(partition);
  const followUp = { requestId: newId(partition), reservationId, customerId, actor: 'customer' } as const;
  const change = { requestId: newId(partition), showId, revisions: [world.revision], force: quantity > 1 };
  switch (what) {
    case 'confirm':
      return { type: 'ConfirmationRequested', ...followUp, reference: `paid ${which % 9}` };
    case 'extend':
      return { type: 'ExtensionRequested', ...followUp };
    case 'cancel':
      return { type: 'CancellationRequested', ...followUp };
    case 'reduce':
      return { type: 'CancellationRequested', ...followUp, lines: [lineOf(pool, 1)] };
    case 'change':
      return {
        type: 'ShowChangeRequested',
        ...change,
        pools: [{ id: newPoolId(pool), capacity: which % 12 }],
      };
    case 'rules':
      return {
        type: 'ShowChangeRequested',
        ...change,
        rules: { holdSeconds: which % 2 ? 1 : null, maxPerCustomer: 9 },
      };
    default: {
      const id = newId(partition);
      made.push(id);
      const lines = [lineOf(pool, quantity), lineOf('b', 1)];
      return { type: 'ReservationRequested', reservationId: id, showId, customerId, lines };
    }
  }
};

/** Everything that a batch needs to know, read from the store only. */
const situationIn = async (store: PartitionStore, world: World, requests: readonly RequestEvent[]) => {
  const pairs = customers.map((customerId) => ({ showId: world.show, customerId }));
  const followed = requests.flatMap((request) => (isFollowUp(request) ? request.reservationId : []));
  return {
    partition: world.partition,
    known: new Set<never>(),
    keys: new Map(),
    ledgers: await store.ledgers([world.show]),
    reservations: await store.reservations(followed),
    customers: await store.customerTotals(pairs),
  };
};

/**
 * Asserts that store and draft agree. The draft may lack reservations and totals of customers that the batch
 * did not touch.
 */
const agree = async (store: PartitionStore, batch: DecidedBatch, world: World): Promise<void> => {
  assert.equal((await store.ledgers([world.show])).get(world.show), batch.ledgers.get(world.show));
  const ids = [...batch.reservations.keys()];
  assert.equal(new Map(await store.reservations(ids)), new Map(batch.reservations));
  const totals = await store.customerTotals(
    customers.map((customerId) => ({ showId: world.show, customerId })),
  );
  for (const customerId of customers) {
    const key = totalsKey(world.show, customerId);
    assert.equal(totals.get(key), batch.customers.get(key));
  }
  const all = [...(await store.reservations(world.made)).values()];
  const live = all
    .filter(({ status }) => status === 'held')
    .sort((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0) || (a.id < b.id ? -1 : 1));
  const { holds } = await store.dueHolds(world.partition, { untilMs: limits.capacity ** 2, limit: 1_000 });
  assert.equal(holds, live);
  assert.is(await store.nextExpiryMs(world.partition), live[0]?.expiresAtMs);
};

const playStory = async (store: PartitionStore, batches: readonly (readonly Wish[])[]): Promise<void> => {
  const partition = newPartition();
  const owner = await newOwner(store, partition);
  const world: World = { show: newId(partition), partition, made: [], revision: 1 };
  await owner.commit([{ ...opening(world.show, { a: 8, b: 12 }), rules: { holdSeconds: 1 } }]);
  let nowMs = BASE_MS + 1_000;
  for (const wishes of batches) {
    nowMs += 1 + wishes.reduce((sum, { lateMs }) => sum + lateMs, 0);
    const { claim, progress: before } = owner.standing;
    const requests = wishes.map((each) => requestFor(each, world));
    const { holds: due } = await store.dueHolds(partition, { untilMs: nowMs, limit: 100 });
    const entries = requests.map((request, seq) => ({
      streamId: newStreamId(nowMs, seq + 1),
      content: { type: 'request', request } as const,
    }));
    const situation = await situationIn(store, world, requests);
    const judgements = judged({ entries, due, judgedMs: before.judgedMs });
    const batch = decideBatch({ ...situation, judgements, before, nowMs });
    const { after, journal, parked } = batch;
    assert.equal(await store.commit({ claim, before, after, entries: journal, parked }), {
      type: 'committed',
    });
    owner.standing = { claim, progress: after };
    world.revision = batch.ledgers.get(world.show)?.revision ?? world.revision;
    await agree(store, batch, world);
    assert.is((await store.known(requests.map(requestIdOf))).size, requests.length);
  }
};

export const laws = (test: Suite, under: Under): void => {
  test('any batch is applied whole or not at all, and the tables are what its decisions say', async () => {
    const { store, reader } = under();
    const request = fc.record({ known: fc.boolean(), quantity: fc.integer({ min: 1, max: 4 }) });
    const law = fc.asyncProperty(
      fc.array(fc.array(request, { maxLength: 6 }), { maxLength: 5 }),
      async (batches) => {
        const partition = newPartition();
        const owner = await newOwner(store, partition);
        const show = newId(partition);
        const first = opening(show, { a: 12 });
        await owner.commit([first]);
        let ledger = evolve(undefined, first, BASE_MS + 1);
        const decided: ReservationId[] = [];
        for (const batch of batches) {
          const before = owner.standing.progress;
          const ids = batch.map(({ known }, index) =>
            known ? (decided[index] ?? newId(partition)) : newId(partition),
          );
          const decisions = batch.map(({ quantity }, index) => {
            const id = ids[index] ?? newId(partition);
            return confirmed(show, [lineOf('a', quantity)], { id });
          });
          const verdict = await owner.commit(decisions);
          if (verdict.type === 'committed') {
            decided.push(...ids);
            for (const [index, decision] of decisions.entries())
              ledger = evolve(ledger, decision, BASE_MS + before.position + 1 + index);
          }
          assert.equal(await reader.show(show), { show: ledger });
          assert.is((await store.known(ids)).size, new Set(ids.filter((id) => decided.includes(id))).size);
        }
      },
    );
    await fc.assert(law, { numRuns: 25 });
  });

  test('whatever is held, confirmed, changed, cancelled and lapsed, the tables are what was decided', async () => {
    const { store } = under();
    const story = fc.array(fc.array(wish, { maxLength: 12 }), { minLength: 3, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(story, (batches) => playStory(store, batches)),
      { numRuns: 20 },
    );
  });
};
