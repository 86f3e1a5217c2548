import type { Decision } from '../../src/domain/decisions.ts';
import type { RejectionReason } from '../../src/domain/reasons.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { line, reservationId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { altered, decisionAt, given, positionOf, refused } from './alter.ts';
import { auditOf, found, named } from './look.ts';
import type { Remains } from './memory-source.ts';
import { type Asked, ask, cancel, change, confirm, extend, ofOlderBuild, open, sold } from './sold.ts';

const test = suite('the audit: rules of the show, as they were at each decision');

const reasonOf = (it: Remains, about: number): string | undefined => {
  const decision = decisionAt(it, positionOf(it, about));
  return decision.type === 'ReservationRejected' ? decision.reason : undefined;
};

/** The last reservation is refused for this reason, and rightly so; giving it places would be a finding. */
const refusedRightly = async (
  asked: readonly Asked[],
  about: number,
  { reason, finding, holdMs }: { reason: string; finding: string; holdMs?: number },
): Promise<void> => {
  const it = sold(asked);
  assert.is(reasonOf(it, about), reason);
  assert.equal(found(await auditOf(it)), {}, 'refused');
  const report = await auditOf(given(it, about, holdMs));
  assert.equal(found(report), { [finding]: 1 }, 'given');
  assert.equal(
    Object.values(report.findings).flatMap(({ named: all }) => all.map((each) => each.about)),
    [reservationId(about)],
  );
};

/**
 * The last reservation is given its places, and rightly so; refusing it for one of these reasons would be a
 * finding.
 */
const givenRightly = async (
  asked: readonly Asked[],
  about: number,
  reasons: readonly RejectionReason[],
): Promise<void> => {
  const it = sold(asked);
  assert.is(reasonOf(it, about), undefined);
  assert.equal(found(await auditOf(it)), {}, 'given');
  for (const reason of reasons) {
    const report = await auditOf(refused(it, about, reason));
    assert.equal(found(report), { undersold: 1 }, reason);
    assert.equal(named(report, 'undersold'), [reservationId(about)], reason);
  }
};

const perCustomer = { reason: 'customer-limit', finding: 'over-limit' };

test('places beyond what a customer may have are over the limit, up to it none may be refused', async () => {
  const first = [open(9, { maxPerCustomer: 3 }), ask(1, 2, 10)];
  await refusedRightly([...first, ask(2, 2, 20)], 2, perCustomer);
  await givenRightly([...first, ask(2, 1, 20)], 2, ['customer-limit', 'sold-out', 'hold-limit']);
  await givenRightly([...first, ask(2, 3, 20, { customer: 'bob' })], 2, ['customer-limit']);
});

test('what was cancelled, reduced or has lapsed counts no more', async () => {
  const first = [open(9, { maxPerCustomer: 3 }), ask(1, 3, 10)];
  await refusedRightly([...first, cancel(2, 1, 20, 2), ask(3, 3, 30)], 3, perCustomer);
  await givenRightly([...first, cancel(2, 1, 20, 2), ask(3, 2, 30)], 3, ['customer-limit']);
  await givenRightly([...first, cancel(2, 1, 20), ask(3, 3, 30)], 3, ['customer-limit']);
  const held = [open(9, { maxPerCustomer: 3, holdSeconds: 1 }), ask(1, 3, 10)];
  await refusedRightly([...held, ask(3, 1, 900)], 3, { ...perCustomer, holdMs: 1_000 });
  await givenRightly([...held, ask(3, 3, 1_100)], 3, ['customer-limit']);
  await refusedRightly([...held, confirm(2, 1, 500), ask(3, 1, 1_600)], 3, { ...perCustomer, holdMs: 1_000 });
});

test('the limit is that of the moment, and counts what was given before there was one', async () => {
  const first = [open(9), ask(1, 3, 10)];
  await refusedRightly([...first, change(2, 1, 20, { maxPerCustomer: 4 }), ask(3, 2, 30)], 3, perCustomer);
  const raised = [open(9, { maxPerCustomer: 3 }), ask(1, 3, 10), change(2, 1, 20, { maxPerCustomer: 5 })];
  await givenRightly([...raised, ask(3, 2, 30)], 3, ['customer-limit']);
  const cleared = [open(9, { maxPerCustomer: 3 }), ask(1, 3, 10), change(2, 1, 20, { maxPerCustomer: null })];
  await givenRightly([...cleared, ask(3, 2, 30)], 3, ['customer-limit']);
  await refusedRightly(
    [...cleared, ask(3, 2, 30), change(4, 2, 40, { maxPerCustomer: 5 }), ask(5, 1, 50)],
    5,
    perCustomer,
  );
});

test('a late confirm takes places again, within the limit only', async () => {
  const lapsed = [open(9, { maxPerCustomer: 3, holdSeconds: 1 }), ask(1, 2, 10), ask(2, 2, 1_100)];
  const it = sold([...lapsed, confirm(3, 1, 1_200)]);
  const at = it.journal.length;
  assert.equal(decisionAt(it, at).type, 'RequestRefused');
  assert.equal(found(await auditOf(it)), {});
  const lines = [line('stalls', 2)];
  const first = decisionAt(it, positionOf(it, 1));
  if (first.type !== 'ReservationHeld') throw new Error('held');
  const { reservationId: id, showId, customerId } = first;
  const decision: Decision = {
    type: 'ReservationConfirmed',
    ...{ reservationId: id, showId, customerId, lines },
    from: 'expired',
  };
  assert.equal(found(await auditOf(altered(it, at, { decision }))), { 'over-limit': 1 });
  const within = sold([...lapsed.slice(0, 2), ask(2, 1, 1_100), confirm(3, 1, 1_200)]);
  assert.equal(found(await auditOf(within)), {});
  const refusal: Decision = {
    type: 'RequestRefused',
    asked: 'ConfirmationRequested',
    reason: 'hold-expired',
    reservationId: id,
  };
  const wrong = await auditOf(altered(within, at, { decision: refusal }));
  assert.equal(found(wrong), { undersold: 1 });
  assert.equal(named(wrong, 'undersold'), [id]);
});

test('a customer has ten live holds at the most, and may have as many', async () => {
  const holds = Array.from({ length: 10 }, (_, n) => ask(n + 1, 1, 10 + n));
  const all = [open(99, { holdSeconds: 1 }), ...holds];
  const eleventh = { reason: 'hold-limit', finding: 'over-limit', holdMs: 1_000 };
  await refusedRightly([...all, ask(11, 1, 100)], 11, eleventh);
  await givenRightly([...all, ask(11, 1, 100, { customer: 'bob' })], 11, ['hold-limit']);
  await givenRightly([...all, confirm(20, 4, 50), ask(11, 1, 100)], 11, ['hold-limit']);
  await givenRightly([...all, cancel(20, 4, 50), ask(11, 1, 100)], 11, ['hold-limit']);
  await refusedRightly([...all, cancel(20, 4, 50, 1), ask(11, 1, 60), ask(12, 1, 100)], 12, eleventh);
  await givenRightly([...all, ask(11, 1, 1_200)], 11, ['hold-limit']);
});

test('a refusal for a limit while a hold of the customer was due is undersold', async () => {
  const it = ofOlderBuild(
    sold([open(9, { maxPerCustomer: 2, holdSeconds: 1 }), ask(1, 2, 10), ask(2, 1, 500)]),
  );
  const partition = { ...it.partition, progress: { ...it.partition.progress, clockMs: 1_010 } };
  const late = { ...altered(it, 3, { decidedAtMs: 1_010 }), partition };
  assert.equal(found(await auditOf(late)), { undersold: 1 });
});

test('a request for more than one may ask for is refused, and no other', async () => {
  const show = open(9, { maxPerRequest: 2 });
  await refusedRightly([show, ask(1, 3, 10)], 1, { reason: 'over-request-limit', finding: 'over-limit' });
  await givenRightly([show, ask(1, 2, 10)], 1, ['over-request-limit']);
});

test('the window is that of the moment, and what counts is when a request arrived', async () => {
  const show = open(9, { opensAtMs: 100, closesAtMs: 200 });
  const before = { reason: 'sale-not-open', finding: 'untimely' };
  const after = { reason: 'sale-closed', finding: 'untimely' };
  await refusedRightly([show, ask(1, 1, 99)], 1, before);
  await givenRightly([show, ask(1, 1, 100)], 1, ['sale-not-open', 'sale-closed']);
  await givenRightly([show, ask(1, 1, 199)], 1, ['sale-not-open', 'sale-closed']);
  await refusedRightly([show, ask(1, 1, 200)], 1, after);
  await refusedRightly([open(9), change(2, 1, 20, { closed: true }), ask(1, 1, 30)], 1, after);
  await givenRightly([open(9, { closed: true }), change(2, 1, 20, { closed: null }), ask(1, 1, 30)], 1, [
    'sale-closed',
  ]);
  const waited = sold([show, ask(1, 1, 150)]);
  const partition = { ...waited.partition, progress: { ...waited.partition.progress, clockMs: 9_000 } };
  const decidedLater = { ...altered(waited, 2, { decidedAtMs: 9_000 }), partition };
  assert.equal(found(await auditOf(decidedLater)), {}, 'it arrived in time');
  const streamId = newStreamId(99, 0);
  assert.equal(found(await auditOf(altered({ ...waited, stream: [] }, 2, { streamId, judgedAtMs: 99 }))), {
    untimely: 1,
  });
});

test('a show or pool that was there is not refused as unknown', async () => {
  await givenRightly([open(9), ask(1, 1, 10)], 1, ['not-found', 'unknown-pool']);
  const never = sold([open(9), ask(1, 1, 10, { show: 2 })]);
  assert.is(reasonOf(never, 1), 'not-found');
  assert.equal(found(await auditOf(never)), {});
});

test('a hold lasts as long as its show says, and one that is extended no shorter', async () => {
  const it = sold([open(3, { holdSeconds: 1 }), ask(1, 1, 10), extend(2, 1, 500)]);
  assert.equal(found(await auditOf(it)), {});
  const held = decisionAt(it, 2);
  const extended = decisionAt(it, 3);
  if (held.type !== 'ReservationHeld' || extended.type !== 'HoldExtended') throw new Error('held, extended');
  const shorter = altered(it, 2, { decision: { ...held, expiresAtMs: 1_009 } });
  assert.equal(named(await auditOf(shorter), 'untimely'), [held.reservationId]);
  const longer = altered(it, 3, { decision: { ...extended, expiresAtMs: 2_500 } });
  assert.equal(named(await auditOf(longer), 'untimely'), [held.reservationId]);
  const atOnce = sold([open(3), ask(1, 1, 10)]);
  const confirmed = decisionAt(atOnce, 2);
  if (confirmed.type !== 'ReservationConfirmed') throw new Error('confirmed');
  const asHold = altered(atOnce, 2, {
    decision: { ...confirmed, type: 'ReservationHeld', expiresAtMs: 1_010 },
  });
  assert.equal(found(await auditOf(asHold)), { disagreeing: 1 });
});

test('what refuses a confirm, an extension or a cancellation has to be so', async () => {
  const it = sold([open(3, { holdSeconds: 1 }), ask(1, 1, 10), confirm(2, 1, 20), confirm(3, 1, 30)]);
  const at = it.journal.length;
  assert.is(decisionAt(it, at).type, 'RequestSatisfied');
  const about = { type: 'RequestRefused', reservationId: reservationId(1) } as const;
  const untrue: readonly Decision[] = [
    { ...about, asked: 'ConfirmationRequested', reason: 'hold-expired' },
    { ...about, asked: 'ConfirmationRequested', reason: 'already-cancelled' },
    { ...about, asked: 'ConfirmationRequested', reason: 'not-reserved' },
    { ...about, asked: 'ExtensionRequested', reason: 'extension-used' },
  ];
  for (const decision of untrue) {
    const report = await auditOf(altered(it, at, { decision }));
    assert.equal(found(report), { disagreeing: 1 }, JSON.stringify(decision));
  }
  const notHeld: Decision = { ...about, asked: 'ExtensionRequested', reason: 'not-held' };
  assert.equal(found(await auditOf(altered(it, at, { decision: notHeld }))), {});
});

test('what is left for another reading is judged there, once', async () => {
  const shows = [1, 2, 3, 4];
  const asked = [
    ...shows.map((show) => open(9, { maxPerCustomer: 2 }, show)),
    ...shows.flatMap((show) => [
      ask(10 * show, 2, 100 * show, { show, customer: 'alice' }),
      ask(10 * show + 1, 2, 100 * show + 1, { show, customer: 'bob' }),
      ask(10 * show + 2, 1, 1_000 + show, { show, customer: 'alice' }),
    ]),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const it = sold(asked);
  assert.equal(found(await auditOf(it)), {});
  const wrong = shows.reduce((remains, show) => given(remains, 10 * show + 2), it);
  assert.equal(found(await auditOf(wrong)), { 'over-limit': 4 });
});
