import { reservationId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import { altered, decisionAt } from './alter.ts';
import { auditOf, found, named } from './look.ts';
import { ask, confirm, open, sold } from './sold.ts';

const test = suite('the audit: references of confirmations');

test('a second payment is refused where it is another, and nowhere else', async () => {
  const paid = (n: number, reference?: string) => {
    const asked = confirm(n, 1, 10 * n);
    return { ...asked, request: { ...asked.request, ...(reference !== undefined && { reference }) } };
  };
  const it = sold([
    open(3, { holdSeconds: 1 }),
    ask(1, 1, 10),
    paid(2, 'pay-1'),
    paid(3, 'pay-2'),
    paid(4, 'pay-1'),
  ]);
  assert.equal(found(await auditOf(it)), {});
  const [refusal, satisfied] = [decisionAt(it, 4), decisionAt(it, 5)];
  if (refusal.type !== 'RequestRefused' || satisfied.type !== 'RequestSatisfied') throw new Error('not so');
  assert.equal([refusal.reason, refusal.reference], ['confirmed-otherwise', 'pay-2']);
  const { reference: _named, ...unnamed } = refusal;
  for (const [position, decision] of [
    [4, { ...satisfied, reference: 'pay-2' }],
    [5, { ...refusal, reference: 'pay-1' }],
    [5, unnamed],
  ] as const) {
    const report = await auditOf(altered(it, position, { decision }));
    assert.equal(found(report), { disagreeing: 1 }, JSON.stringify(decision));
    assert.equal(named(report, 'disagreeing'), [reservationId(1)]);
  }
});

test('a build that did not keep what a confirmation named is not judged by it', async () => {
  const it = sold([open(3, { holdSeconds: 1 }), ask(1, 1, 10), confirm(2, 1, 20), confirm(3, 1, 30)]);
  const decision = decisionAt(it, 3);
  if (decision.type !== 'ReservationConfirmed') throw new Error('not so');
  const older = altered(it, 3, { decision: { ...decision, reference: 'pay-1' } });
  assert.equal(found(await auditOf(older)), {});
});
