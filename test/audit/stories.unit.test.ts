import fc from 'fast-check';
import { audit } from '../../src/audit/audit.ts';
import { assert, suite } from '../support/suite.ts';
import { found } from './look.ts';
import { sourceOf } from './memory-source.ts';
import { type Asked, ask, cancel, change, confirm, extend, open, sold } from './sold.ts';

const test = suite('the audit: any story at all');

const followUps = {
  confirm,
  extend,
  cancel: (n: number, about: number, atMs: number) => cancel(n, about, atMs, about % 2 ? 1 : undefined),
};

/**
 * Up to forty commands: requests for places of two shows, changes of a limit, and commands about reservations
 * that may not exist yet.
 */
const story = fc
  .record({
    capacity: fc.integer({ min: 1, max: 9 }),
    rules: fc.record(
      {
        holdSeconds: fc.integer({ min: 1, max: 2 }),
        maxPerCustomer: fc.integer({ min: 1, max: 6 }),
        maxPerRequest: fc.integer({ min: 1, max: 3 }),
        opensAtMs: fc.integer({ min: 1, max: 2_000 }),
        closesAtMs: fc.integer({ min: 2_001, max: 12_000 }),
      },
      { requiredKeys: [] },
    ),
    steps: fc.array(
      fc.record({
        make: fc.constantFrom('ask', 'ask', 'ask', 'confirm', 'cancel', 'extend', 'limit'),
        about: fc.nat({ max: 20 }),
        afterMs: fc.integer({ min: 1, max: 700 }),
      }),
      { maxLength: 40 },
    ),
  })
  .map(({ capacity, rules, steps }) => {
    let atMs = 3;
    let asks = 0;
    let changes = 0;
    const asked = steps.map(({ make, about, afterMs }, n): Asked => {
      atMs += afterMs;
      if (make === 'limit') {
        changes += 1;
        return change(100 + n, changes, atMs, { maxPerCustomer: about % 6 || null });
      }
      if (make !== 'ask') return followUps[make](100 + n, about, atMs);
      asks += 1;
      const [customer, show] = about % 4 === 0 ? ['bob', 1] : ['alice', about % 3 === 0 ? 2 : 1];
      return ask(asks, 1 + (about % 3), atMs, { customer, show });
    });
    return [open(capacity, rules), open(capacity, rules, 2), ...asked];
  });

test('what the projector decides keeps every promise, by pages and memories of any size', async () => {
  const size = fc.integer({ min: 1, max: 50 });
  await fc.assert(
    fc.asyncProperty(story, size, size, async (asked, pageEntries, customersMax) => {
      const report = await audit(sourceOf(sold(asked)), [], { pageEntries, customersMax });
      assert.equal(found(report), {});
    }),
    { numRuns: 300 },
  );
});
