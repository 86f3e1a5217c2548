import type { Reservation } from '../../src/domain/reservation.ts';
import { dueHolds } from '../../src/projector/due-holds.ts';
import { customerId, line, reservationId, showId } from '../domain/generate.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { assert, suite } from '../support/suite.ts';
import { decided } from './batch-of.ts';
import { ownPartition } from './own-partition.ts';
import { dependenciesOver } from './timeline.ts';

const test = suite('holds that are due');

const hold = (n: number, expiresAtMs: number): Reservation => ({
  id: reservationId(n),
  showId: showId(1),
  customerId: customerId('alice'),
  status: 'held',
  lines: [line('stalls', 1)],
  requestedAtMs: 0,
  expiresAtMs,
});

/** An owner whose database has these holds and gives `batchMax` of them in a page. */
const ownerOf = async (holds: readonly Reservation[], batchMax: number) => {
  const memory = newMemoryStore();
  const questions = { next: 0, pages: 0 };
  const store = {
    ...memory.store,
    nextExpiryMs: async () => {
      questions.next += 1;
      return holds[0]?.expiresAtMs;
    },
    dueHolds: async () => {
      questions.pages += 1;
      const page = holds.slice(0, batchMax);
      const last = page.at(-1);
      const next = holds.length > batchMax && last && { expiresAtMs: last.expiresAtMs ?? 0, id: last.id };
      return { holds: page, stuck: [], ...(next && { next }) };
    },
  };
  const log = { read: () => Promise.reject(new Error('not read')), publish: async () => {} };
  const owned = await ownPartition(dependenciesOver({ ...memory, store }, log, batchMax), {
    partition: 0,
    token: 'due',
  });
  return { owned, questions };
};

const ids = (holds: readonly Reservation[]) => holds.map(({ id }) => id);

test('a hold of the batch that is being committed waits for those of the next page that lapse at the same moment', async () => {
  const { owned } = await ownerOf([hold(1, 100), hold(3, 200), hold(4, 200)], 2);
  const base = (n: number, atMs: number) => ({
    ...decided([]),
    reservations: new Map([[reservationId(n), hold(n, atMs)]]),
  });
  const before = await dueHolds(owned, 300, base(2, 199));
  assert.equal(
    ids(before.holds),
    [1, 2, 3].map((n) => reservationId(n)),
  );
  assert.is(before.completeBeforeMs, 200);
  const same = await dueHolds(owned, 300, base(5, 200));
  assert.equal(
    ids(same.holds),
    [1, 3].map((n) => reservationId(n)),
  );
});

test('the database is asked for a page only when a hold can be due, and for the next moment once', async () => {
  const { owned, questions } = await ownerOf([hold(1, 100)], 2);
  assert.equal((await dueHolds(owned, 99)).holds, []);
  assert.equal((await dueHolds(owned, 99)).holds, []);
  assert.equal(questions, { next: 1, pages: 0 });
  assert.equal(ids((await dueHolds(owned, 100)).holds), [reservationId(1)]);
  await dueHolds(owned, 100);
  assert.equal(questions, { next: 1, pages: 2 });
});
