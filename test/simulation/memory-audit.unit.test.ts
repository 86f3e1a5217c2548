import { Buffer } from 'node:buffer';
import { beforeAll, newStreamId } from '../../src/domain/stream-id.ts';
import { BASE_MS, entryAt, held, lineOf, newCustomerId, newId, refOf } from '../store/story.ts';
import { assert, suite } from '../support/suite.ts';
import { auditSourceOf } from './memory-store/audit-source-of.ts';
import { newRig, newSale, one } from './memory-store/rig.ts';

const test = suite('what the audit sees of the database in memory');

const page = { after: 0, limit: 100 };

/** A sale with a hold that was extended, and a parked reservation. */
const newStory = async () => {
  const { newProcess, database } = newRig();
  const { store } = newProcess();
  const { owner, show } = await newSale(store, 1);
  const hold = held(show, [lineOf('a', 2)], { expiresAtMs: BASE_MS + 60_000 });
  const extended = { type: 'HoldExtended', ...refOf(hold), expiresAtMs: BASE_MS + 90_000 } as const;
  const decisions = [hold, extended, one(show)];
  const entries = decisions.map((decision, n) => entryAt(owner.standing.progress.position + 1 + n, decision));
  const parkedId = newId(1);
  const reservation = {
    id: parkedId,
    showId: show,
    customerId: newCustomerId('someone'),
    status: 'pending',
    lines: [lineOf('a', 1)],
    requestedAtMs: BASE_MS,
  } as const;
  const parked = {
    streamId: newStreamId(BASE_MS, 7),
    requestId: parkedId,
    reservation,
    raw: Buffer.from('{'),
    why: 'it ended too early',
    parkedAtMs: BASE_MS,
    attempts: 1,
  };
  const told = entries.map(({ decision, requestId }) => ({ decision, ...(requestId && { requestId }) }));
  assert.equal(await owner.commit(told, [parked]), { type: 'committed' });
  return { store, database, owner, show, hold, extended, entries, parked };
};

test('progress, journal, parked entries and the streams are told by partition, in pages', async () => {
  const { database, owner, entries, parked } = await newStory();
  const onStream = entries.flatMap(({ streamId }) =>
    streamId
      ? [{ streamId, content: { type: 'broken', why: 'of no matter', raw: Buffer.from('{') } as const }]
      : [],
  );
  const source = auditSourceOf(database.snapshot(), () => onStream);
  assert.equal(await source.partitions(), [{ partition: 1, progress: owner.standing.progress }]);
  assert.equal((await source.journal(1, page)).slice(1), entries);
  assert.equal(await source.journal(1, { after: 1, limit: 2 }), entries.slice(0, 2));
  assert.equal(await source.journal(1, { after: 4, limit: 2 }), []);
  const { streamId, requestId } = parked;
  assert.equal(await source.parked(1), [{ streamId, requestId }]);
  assert.equal(await source.stream(1, { after: beforeAll, limit: 2 }), onStream.slice(0, 2));
  const [first] = onStream;
  assert.equal(await source.stream(1, { after: first?.streamId ?? beforeAll, limit: 9 }), onStream.slice(1));
});

test('rows are those that the store reads, and counted', async () => {
  const { store, database, show, hold, extended, parked } = await newStory();
  const source = auditSourceOf(database.snapshot(), () => []);
  const ids = [hold.reservationId, parked.reservation.id, newId(1)];
  assert.equal(await source.reservations(ids), await store.reservations(ids));
  assert.is((await source.reservations(ids)).size, 2);
  assert.equal(await source.holds(ids), new Map([[hold.reservationId, extended.expiresAtMs]]));
  assert.equal(await source.ledgers(1), await store.ledgers([show]));
  assert.equal(await source.decided(ids), new Set([hold.reservationId]));
  assert.equal(await source.laterDecisions(1, page), [{ position: 3, reservationId: hold.reservationId }]);
  assert.equal(await source.counts(1), { reservations: 3, holds: 1, laterDecisions: 1 });
});

test('what is committed after the snapshot is not seen', async () => {
  const { database, owner, show } = await newStory();
  const source = auditSourceOf(database.snapshot(), () => []);
  const before = await source.ledgers(1);
  await owner.commit([one(show)]);
  assert.equal(await source.ledgers(1), before);
  assert.is((await source.journal(1, page)).length, 4);
});
