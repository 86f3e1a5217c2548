import { audit } from '../../src/audit/audit.ts';
import type { Operation } from '../../src/audit/contract.ts';
import { requestId, reservationId, showId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { auditOf, changed, found, named } from './look.ts';
import { remainsOf, sourceOf } from './memory-source.ts';
import { ask, confirm, open, plain, sold, withHolds } from './sold.ts';

const test = suite('the audit: tables, and what clients were told');

test('a row that is not what the journal gives disagrees, and so does one that is missing', async () => {
  const it = withHolds();
  const row = it.reservations.get(reservationId(2));
  if (!row) throw new Error('reserved');
  const altered = new Map([...it.reservations, [row.id, { ...row, lines: [] }] as const]);
  const report = await auditOf({ ...it, reservations: altered });
  assert.equal(named(report, 'disagreeing'), [row.id]);
  const missing = new Map([...it.reservations].filter(([id]) => id !== row.id));
  const without = await auditOf({ ...it, reservations: missing });
  assert.equal(named(without, 'disagreeing'), [row.id, 'partition 0']);
});

test('a row that was not changed by a later decision disagrees', async () => {
  const it = withHolds();
  const row = it.reservations.get(reservationId(1));
  if (!row) throw new Error('reserved');
  const { changedAtMs, ...before } = row;
  const stale = new Map([...it.reservations, [row.id, { ...before, status: 'held' }] as const]);
  const source = sourceOf({ ...it, reservations: stale });
  for (const pageEntries of [1, 3, 100]) {
    const report = await audit(source, [], { pageEntries });
    assert.equal([...new Set(named(report, 'disagreeing'))], [row.id], `pages of ${pageEntries}`);
  }
});

test('shows, holds, keys and leads to later decisions have to be what the journal gives', async () => {
  const it = withHolds();
  const ledger = it.ledgers.get(showId(1));
  if (!ledger) throw new Error('opened');
  const pools = ledger.pools.map((pool) => ({ ...pool, confirmed: pool.confirmed - 1 }));
  const show = { ...it, ledgers: new Map([[ledger.showId, { ...ledger, pools }]]) };
  assert.equal(named(await auditOf(show), 'disagreeing'), [showId(1)]);
  const holds = new Map([...it.holds].map(([id]) => [id, 7] as const));
  assert.equal(named(await auditOf({ ...it, holds }), 'disagreeing'), [reservationId(6)]);
  assert.equal(found(await auditOf({ ...it, laterDecisions: new Set() })), { disagreeing: 4 });
  const key = { hash: 'a'.repeat(32), fingerprint: 'b'.repeat(32) };
  const keyed = remainsOf({ ...it, journal: changed(it, 2, { key }) });
  assert.equal(found(await auditOf(keyed)), {});
  assert.equal(named(await auditOf({ ...keyed, keys: new Map() }), 'disagreeing'), [reservationId(1)]);
});

test('a pool that has more than its capacity by its table alone is oversold', async () => {
  const it = plain();
  const ledger = it.ledgers.get(showId(1));
  if (!ledger) throw new Error('opened');
  const pools = ledger.pools.map((pool) => ({ ...pool, confirmed: pool.capacity + 1 }));
  const ledgers = new Map([[ledger.showId, { ...ledger, pools }]]);
  assert.equal(found(await auditOf({ ...it, ledgers })), { oversold: 1, disagreeing: 1 });
});

test('a decision that gives back what its reservation does not have disagrees', async () => {
  const it = plain();
  const decision = it.journal[4]?.decision;
  if (decision?.type !== 'ReservationCancelled') throw new Error('the fifth is cancelled');
  const nothing = changed(it, 5, { decision: { ...decision, released: [] } });
  assert.equal(named(await auditOf(remainsOf({ ...it, journal: nothing })), 'disagreeing'), [showId(1)]);
  const asHeld = changed(it, 5, { decision: { ...decision, from: 'held' } });
  const report = await auditOf(remainsOf({ ...it, journal: asHeld }));
  assert.equal(named(report, 'disagreeing'), [reservationId(1), showId(1)]);
});

test('a key that is older than a day may be purged', async () => {
  const it = plain();
  const key = { hash: 'a'.repeat(32), fingerprint: 'b'.repeat(32) };
  const progress = { ...it.partition.progress, clockMs: 10 + 24 * 60 * 60_000 };
  const keyed = remainsOf({ ...it, partition: { partition: 0, progress }, journal: changed(it, 2, { key }) });
  assert.equal(found(await auditOf({ ...keyed, keys: new Map() })), {});
});

test('what a client was told has to be true when it was decided, or become true', async () => {
  const told = (n: number, status: 'held' | 'confirmed' | 'expired' | 'rejected'): Operation => ({
    requestId: n === 5 ? requestId(5) : reservationId(n),
    end: 'ok',
    told: status,
  });
  const honest = [told(1, 'held'), told(1, 'confirmed'), told(2, 'expired'), told(5, 'confirmed')];
  assert.equal(found(await auditOf(withHolds(), { operations: honest })), {});
  const liar = await auditOf(withHolds(), { operations: [told(1, 'expired'), told(5, 'held')] });
  assert.equal(found(liar), { disagreeing: 2 });
  assert.equal(named(liar, 'disagreeing'), [reservationId(1), requestId(5)]);
  const again = sold([open(1, { holdSeconds: 1 }), ask(1, 1, 10), confirm(2, 1, 20), confirm(3, 1, 30)]);
  const satisfied: Operation = { requestId: requestId(3), end: 'ok', told: 'confirmed' };
  assert.equal(found(await auditOf(again, { operations: [satisfied] })), {});
});
