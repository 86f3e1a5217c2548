import type { AuditSource, Operation } from '../../src/audit/contract.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { reservationId, showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { auditOf, changed, found, named, withoutState } from './look.ts';
import { remainsOf, sourceOf } from './memory-source.ts';
import { ask, confirm, ofOlderBuild, open, plain, sold, withHolds } from './sold.ts';

const test = suite('the audit: decisions and the stream');

for (const [world, remains] of Object.entries({ plain, withHolds })) {
  test(`nothing is found where every promise was kept (${world})`, async () => {
    const it = remains();
    const report = await auditOf(it);
    assert.equal(found(report), {});
    assert.is(report.verdict, 'kept');
    assert.is(report.looked.decisions, it.journal.length);
    assert.is(report.looked.entries, it.stream.length);
  });
}

test('a pool beyond its capacity is oversold, at the decision that did it', async () => {
  const { partition, stream, journal } = plain();
  const refused = journal[3];
  if (refused?.decision.type !== 'ReservationRejected') throw new Error('the fourth is refused');
  const { reason, poolId, ...facts } = refused.decision;
  const decision = { ...facts, type: 'ReservationConfirmed' } as const;
  const broken = remainsOf({ partition, stream, journal: changed(plain(), 4, { decision }) });
  const report = await auditOf(broken);
  assert.equal(found(report), { oversold: 1 });
  assert.equal(named(report, 'oversold'), [showId(1)]);
});

test('a sold-out refusal while there was room is undersold', async () => {
  const { partition, stream, journal } = plain();
  const refusedFirst = withoutState(journal).flatMap((entry): readonly JournalEntry[] => {
    if (entry.decision.type !== 'ReservationConfirmed') return [entry];
    if (entry.requestId !== reservationId(2)) return [entry];
    const { type, ...facts } = entry.decision;
    return [{ ...entry, decision: { ...facts, type: 'ReservationRejected', reason: 'sold-out' } }];
  });
  const report = await auditOf(remainsOf({ partition, stream, journal: refusedFirst }));
  assert.equal(named(report, 'undersold'), [reservationId(2), reservationId(3)]);
  assert.equal(found(report), { undersold: 2 });
});

test('a sold-out refusal while a hold of those places was due is undersold', async () => {
  const it = ofOlderBuild(sold([open(1, { holdSeconds: 1 }), ask(1, 1, 10), ask(2, 1, 500)]));
  const journal = changed(it, 3, { decidedAtMs: 1_010 });
  const partition = { ...it.partition, progress: { ...it.partition.progress, clockMs: 1_010 } };
  const report = await auditOf(remainsOf({ ...it, partition, journal }));
  assert.equal(found(report), { undersold: 1 });
  assert.equal(named(report, 'undersold'), [reservationId(2)]);
});

test('a late confirm refused for lack of room while there was room is undersold', async () => {
  const it = sold([open(1, { holdSeconds: 1 }), ask(1, 1, 10), confirm(2, 1, 2_000)]);
  const at = it.journal.length;
  const decision = {
    type: 'RequestRefused',
    asked: 'ConfirmationRequested',
    reason: 'hold-expired',
    reservationId: reservationId(1),
  } as const;
  const report = await auditOf(remainsOf({ ...it, journal: changed(it, at, { decision }) }));
  assert.equal(found(report), { undersold: 1 });
});

test('an entry that is passed and neither decided nor parked is lost', async () => {
  const it = plain();
  const { partition, stream, journal } = it;
  const without = journal.filter(({ requestId }) => requestId !== reservationId(3));
  const report = await auditOf(remainsOf({ partition, stream, journal: without }));
  assert.equal(found(report), { lost: 1 });
  assert.equal(named(report, 'lost'), [reservationId(3)]);
  const parked = [{ streamId: newStreamId(30, 0), requestId: reservationId(3) }];
  assert.equal(found(await auditOf(remainsOf({ partition, stream, journal: without, parked }))), {});
});

test('a broken entry that is passed has to be parked', async () => {
  const it = plain();
  const streamId = newStreamId(35, 0);
  const content = { type: 'broken', why: 'it is not JSON', raw: Buffer.from('{') } as const;
  const stream = it.stream.flatMap((entry, n) => (n === 4 ? [{ streamId, content }, entry] : [entry]));
  assert.equal(found(await auditOf({ ...it, stream })), { lost: 1 });
  assert.equal(found(await auditOf({ ...it, stream, parked: [{ streamId }] })), {});
});

test('a parked request keeps a row that is pending, and none that the journal does not know', async () => {
  const it = plain();
  const row = it.reservations.get(reservationId(1));
  if (!row) throw new Error('reserved');
  const id = reservationId(9);
  const reservations = new Map([...it.reservations, [id, { ...row, id, status: 'pending' }] as const]);
  const parked = [{ streamId: newStreamId(35, 0), requestId: id }];
  assert.equal(found(await auditOf({ ...it, reservations, parked })), {});
  assert.equal(found(await auditOf({ ...it, reservations })), { disagreeing: 1 });
});

test('what a client was given is decided, parked or waiting above the watermark, or lost', async () => {
  const it = plain();
  const above = ask(8, 1, 99);
  const stream = [
    ...it.stream,
    { streamId: newStreamId(99, 0), content: { type: 'request', request: above.request } as const },
  ];
  const given = (id: Operation['requestId']): Operation => ({ requestId: id, end: 'ok' });
  const operations = [1, 8, 9].map((n) => given(reservationId(n)));
  const report = await auditOf({ ...it, stream }, { operations });
  assert.equal(found(report), { lost: 1 });
  assert.equal(named(report, 'lost'), [reservationId(9)]);
});

test('a request is lost once, however often it was sent and whoever was given it', async () => {
  const it = plain();
  const without = it.journal.filter(({ requestId }) => requestId !== reservationId(3));
  const third = it.stream[3];
  if (!third) throw new Error('sent');
  const stream = [
    ...it.stream.slice(0, 4),
    { ...third, streamId: newStreamId(35, 0) },
    ...it.stream.slice(4),
  ];
  const remains = { ...remainsOf({ ...it, journal: without }), stream };
  const operations: readonly Operation[] = [{ requestId: reservationId(3), end: 'ok' }];
  assert.equal(found(await auditOf(remains, { operations })), { lost: 1 });
  const parked = [{ streamId: newStreamId(30, 0), requestId: reservationId(3) }];
  assert.equal(
    found(await auditOf({ ...remains, parked }, { operations })),
    {},
    'parked where it stood first',
  );
  assert.equal(found(await auditOf({ ...remains, stream: [], parked }, { operations })), {}, 'and trimmed');
  const toCome: AuditSource = {
    ...sourceOf(remains),
    settledSince: async (suspects) => new Set(suspects.filter(({ streamId }) => streamId)),
  };
  assert.equal(found(await auditOf(remains, { operations, source: toCome })), {}, 'late, and still to come');
});

test('a suspect that is settled by a second look is not lost', async () => {
  const it = plain();
  const without = it.journal.filter(({ requestId }) => requestId !== reservationId(3));
  const remains = remainsOf({ ...it, journal: without, parked: [] });
  const source: AuditSource = { ...sourceOf(remains), settledSince: async (suspects) => new Set(suspects) };
  assert.equal(found(await auditOf(remains, { source })), {});
});

test('a request decided twice is duplicated, however far apart', async () => {
  const { partition, stream, journal } = plain();
  const first = journal[2];
  if (!first) throw new Error('decided');
  const progress = { ...partition.progress, position: 6 };
  const again = { ...first, position: 6, decidedAtMs: 40, late: true };
  const remains = remainsOf({ partition: { ...partition, progress }, stream, journal: [...journal, again] });
  const report = await auditOf(remains);
  assert.equal(named(report, 'duplicated'), [reservationId(2)]);
});

test('what certainly failed and is decided all the same is duplicated, unless it was sent again', async () => {
  const failed: Operation = { requestId: reservationId(1), end: 'failed' };
  const report = await auditOf(plain(), { operations: [failed] });
  assert.equal(found(report), { duplicated: 1 });
  const again: Operation = { ...failed, end: 'unknown' };
  assert.equal(found(await auditOf(plain(), { operations: [again, failed] })), {});
  assert.equal(found(await auditOf(plain(), { operations: [failed, again] })), {});
});

test('a decision in front of one that stood before it is out of order, unless it is late', async () => {
  const it = ofOlderBuild(plain());
  const swapped = (late: boolean) =>
    withoutState(it.journal).map((entry) => {
      if (entry.position === 2) return { ...entry, streamId: newStreamId(20, 0) };
      return entry.position === 3 ? { ...entry, streamId: newStreamId(10, 0), late } : entry;
    });
  const { partition, stream, journal: _, parked } = it;
  const of = (late: boolean) => remainsOf({ partition, stream: [], parked, journal: swapped(late) });
  assert.ok(stream.length > 0);
  assert.equal(found(await auditOf(of(false))), { 'out-of-order': 1 });
  assert.equal(found(await auditOf(of(true))), {});
  const never = { ...of(true), partition: { ...partition, wentBack: false } };
  assert.equal(found(await auditOf(never)), { 'out-of-order': 1 });
});

test('a request passed over and decided where it was sent again is out of order', async () => {
  const it = ofOlderBuild(plain());
  const [opened, first] = it.stream;
  if (!opened || !first) throw new Error('sent');
  const again = { ...first, streamId: newStreamId(15, 0) };
  const journal = changed(it, 2, { streamId: again.streamId });
  const passedOver = remainsOf({ ...it, stream: [opened, first, again, ...it.stream.slice(2)], journal });
  assert.equal(found(await auditOf(passedOver)), { 'out-of-order': 1 });
  // The stream went back: the entry that was decided is lost, and the request was sent again and got a lower
  // id.
  const gone = remainsOf({ ...it, stream: [opened, first, ...it.stream.slice(2)], journal });
  assert.equal(found(await auditOf(gone)), {});
  const parkedThere = {
    ...passedOver,
    parked: [{ streamId: newStreamId(5, 0), requestId: reservationId(1) }],
  };
  assert.equal(found(await auditOf(parkedThere)), {}, 'parked before that, and sent again to be decided');
  const redelivered = { ...it, stream: [opened, first, again, ...it.stream.slice(2)] };
  assert.equal(found(await auditOf(redelivered)), {});
});

test('a decision outside of what its partition accounts for is unfenced', async () => {
  const it = ofOlderBuild(plain());
  const progress = { ...it.partition.progress, position: 4 };
  assert.equal(found(await auditOf({ ...it, partition: { ...it.partition, progress } })), { unfenced: 1 });
  const journal = changed(it, 5, { decidedAtMs: 5 });
  assert.equal(found(await auditOf(remainsOf({ ...it, journal }))), { unfenced: 1 });
});

test('a commit under a superseded claim is unfenced, where the source saw it', async () => {
  const it = plain();
  const source: AuditSource = { ...sourceOf(it), supersededCommits: async () => [3] };
  assert.equal(found(await auditOf(it, { source })), { unfenced: 1 });
});

test('what a decision keeps of how things stood after it is how they stood', async () => {
  const it = withHolds();
  assert.ok(it.journal.some(({ poolsAfter }) => poolsAfter));
  for (const { position, poolsAfter, reservationAfter } of it.journal) {
    if (poolsAfter) {
      const wrong = poolsAfter.map(([pool, heldThen, ...rest]) => [pool, heldThen + 1, ...rest] as const);
      const report = await auditOf({
        ...it,
        journal: it.journal.map((entry) =>
          entry.position === position ? { ...entry, poolsAfter: wrong } : entry,
        ),
      });
      assert.equal(found(report), { disagreeing: 1 }, `pools at ${position}`);
    }
    if (!reservationAfter) continue;
    const wrong = { ...reservationAfter, status: 'pending' as const };
    const report = await auditOf({
      ...it,
      journal: it.journal.map((entry) =>
        entry.position === position ? { ...entry, reservationAfter: wrong } : entry,
      ),
    });
    assert.equal(found(report), { disagreeing: 1 }, `reservation at ${position}`);
  }
});
