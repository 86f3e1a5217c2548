import fc from 'fast-check';
import { audit } from '../../src/audit/audit.ts';
import { assert, suite } from '../support/suite.ts';
import { found } from './look.ts';
import { sourceOf } from './memory-source.ts';
import { type Asked, ask, cancel, confirm, open, sold } from './sold.ts';

const test = suite('the audit: any story at all');

/** Up to forty requests for places, confirms and cancels of reservations that may or may not be there by then. */
const story = fc
  .record({
    capacity: fc.integer({ min: 1, max: 6 }),
    holdSeconds: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
    steps: fc.array(
      fc.record({
        make: fc.constantFrom('ask', 'ask', 'confirm', 'cancel'),
        about: fc.nat({ max: 20 }),
        afterMs: fc.integer({ min: 1, max: 700 }),
      }),
      { maxLength: 40 },
    ),
  })
  .map(({ capacity, holdSeconds, steps }) => {
    let atMs = 1;
    let asks = 0;
    const asked = steps.map(({ make, about, afterMs }, n): Asked => {
      atMs += afterMs;
      if (make === 'confirm') return confirm(100 + n, about, atMs);
      if (make === 'cancel') return cancel(100 + n, about, atMs);
      asks += 1;
      return ask(asks, 1 + (about % 3), atMs);
    });
    return [open(capacity, holdSeconds === undefined ? {} : { holdSeconds }), ...asked];
  });

test('what the projector decides keeps every promise, by pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.integer({ min: 1, max: 50 }), async (asked, pageEntries) => {
      const report = await audit(sourceOf(sold(asked)), [], { pageEntries });
      assert.equal(found(report), {});
    }),
    { numRuns: 200 },
  );
});
