import fc from 'fast-check';
import { decide } from '../../src/domain/decide.ts';
import type { Decision } from '../../src/domain/decisions.ts';
import { available, evolve, type ShowLedger } from '../../src/domain/ledger.ts';
import { sumLines, totalQuantity } from '../../src/domain/lines.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { line, opening, request, sale } from './generate.ts';

const test = suite('decide');

interface Step {
  readonly request: RequestEvent;
  readonly before: ShowLedger | undefined;
  readonly decision: Decision;
  readonly after: ShowLedger | undefined;
}

const play = (requests: readonly RequestEvent[]): Step[] => {
  let ledger: ShowLedger | undefined;
  return requests.map((each, index) => {
    const before = ledger;
    const decision = decide(each, { ledger: before, arrivedAtMs: index, nowMs: index });
    ledger = evolve(before, decision, index);
    return { request: each, before, decision, after: ledger };
  });
};

const lastOf = (requests: readonly RequestEvent[]): Decision | undefined => play(requests).at(-1)?.decision;

const forEachSale = (law: (steps: readonly Step[]) => void): void =>
  fc.assert(
    fc.property(sale, (it) => law(play([it.opening, ...it.requests]))),
    { numRuns: 500 },
  );

test('never sells more of a pool than its capacity', () =>
  forEachSale((steps) => {
    for (const { after } of steps) {
      for (const pool of after?.pools ?? []) assert.ok(pool.held + pool.confirmed <= pool.capacity);
    }
  }));

test('never refuses as sold out while every pool asked for had room', () =>
  forEachSale((steps) => {
    for (const { request: asked, before, decision } of steps) {
      if (decision.type !== 'ReservationRejected' || decision.reason !== 'sold-out') continue;
      if (asked.type !== 'ReservationRequested' || !before) throw new Error('sold out before it was opened');
      const roomy = sumLines(asked.lines).every(({ poolId, quantity }) => {
        const pool = before.pools.find(({ id }) => id === poolId);
        return pool !== undefined && available(pool) >= quantity;
      });
      assert.not(roomy);
    }
  }));

test('takes all lines of a reservation or none', () =>
  forEachSale((steps) => {
    for (const { before, decision, after } of steps) {
      if (!before || !after || !('lines' in decision)) continue;
      const taken = after.pools.reduce(
        (sum, { confirmed }, i) => sum + confirmed - (before.pools[i]?.confirmed ?? 0),
        0,
      );
      assert.is(taken, decision.type === 'ReservationConfirmed' ? totalQuantity(decision.lines) : 0);
    }
  }));

test('replaying the decisions gives the same ledger as making them', () =>
  forEachSale((steps) => {
    let replayed: ShowLedger | undefined;
    steps.forEach(({ decision }, index) => {
      replayed = evolve(replayed, decision, index);
    });
    assert.equal(replayed, steps.at(-1)?.after);
  }));

test('leaves the ledger it was given as it was', () =>
  forEachSale((steps) => {
    steps.slice(1).forEach(({ before }, index) => {
      assert.equal(before, steps[index]?.after);
    });
  }));

test('sums two lines of one pool before it looks for room', () => {
  const decision = lastOf([opening({ stalls: 5 }), request(1, [line('stalls', 3), line('stalls', 3)])]);
  assert.is(decision?.type === 'ReservationRejected' && decision.reason, 'sold-out');
});

test('confirms to the last place', () => {
  const decision = lastOf([opening({ stalls: 5 }), request(1, [line('stalls', 3), line('stalls', 2)])]);
  assert.is(decision?.type, 'ReservationConfirmed');
});

test('names the pool that stood in the way', () => {
  const decision = lastOf([opening({ stalls: 5, box: 1 }), request(1, [line('stalls', 1), line('box', 2)])]);
  assert.is(decision?.type === 'ReservationRejected' && decision.poolId, 'box');
});

const reasonFor = (rules: Parameters<typeof opening>[1], arrivedAtMs: number, quantity = 1): string => {
  const open = decide(opening({ stalls: 5 }, rules), { arrivedAtMs: 0, nowMs: 0 });
  const ledger = evolve(undefined, open, 0);
  const decision = decide(request(1, [line('stalls', quantity)]), { ledger, arrivedAtMs, nowMs: 1_000 });
  return decision.type === 'ReservationRejected' ? decision.reason : decision.type;
};

test('refuses before the window opens, from its first millisecond on accepts, and from its last refuses', () => {
  const window = { opensAtMs: 100, closesAtMs: 200 };
  assert.equal(
    [99, 100, 199, 200].map((at) => reasonFor(window, at)),
    ['sale-not-open', 'ReservationConfirmed', 'ReservationConfirmed', 'sale-closed'],
  );
});

test('refuses more than the show gives to one request, whatever is free', () => {
  assert.is(reasonFor({ maxPerRequest: 2 }, 0, 3), 'over-request-limit');
  assert.is(reasonFor({ maxPerRequest: 2 }, 0, 2), 'ReservationConfirmed');
});

test('refuses a pool the show does not have', () => {
  const decision = lastOf([opening({ stalls: 5 }), request(1, [line('box', 1)])]);
  assert.is(decision?.type === 'ReservationRejected' && decision.reason, 'unknown-pool');
});

test('refuses a reservation of a show nobody opened', () => {
  const decision = lastOf([request(1, [line('stalls', 1)])]);
  assert.is(decision?.type === 'ReservationRejected' && decision.reason, 'not-found');
});

test('does not open a show twice', () => {
  assert.throws(() => play([opening({ stalls: 5 }), opening({ stalls: 9 })]), /open already/);
});
