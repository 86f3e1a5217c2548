import fc from 'fast-check';
import type { Member } from '../../src/lease/contract.ts';
import { fairShare } from '../../src/lease/fair-share.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('fair share');

/**
 * A model of the competition: members run a round one after the other, and each knows of the others only
 * their last heartbeat.
 */
interface Model {
  readonly partitions: number;
  readonly held: Map<string, number>;
  readonly said: Map<string, number>;
  free: number;
  /** For how many rounds a lease has been free. */
  idleRounds: number;
}

const liveIn = (model: Model): readonly Member[] => [...model.said].map(([id, held]) => ({ id, held }));

/** One round of one member; returns how many leases changed hands. */
const look = (model: Model, id: string): number => {
  const held = model.held.get(id) ?? 0;
  model.said.set(id, held);
  const { partitions } = model;
  const share = fairShare({ partitions, self: { id, held }, live: liveIn(model) });
  const kept = held - share.giveBack;
  const wanted = model.idleRounds >= 2 ? model.free : Math.min(model.free, Math.max(0, share.target - kept));
  model.held.set(id, kept + wanted);
  model.free += share.giveBack - wanted;
  return share.giveBack + wanted;
};

const round = (model: Model, order: readonly number[]): number => {
  const ids = [...model.held.keys()];
  const inOrder = ids
    .map((id, index) => ({ id, place: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.place - b.place);
  const moves = inOrder.map(({ id }) => look(model, id)).reduce((sum, each) => sum + each, 0);
  model.idleRounds = model.free > 0 ? model.idleRounds + 1 : 0;
  return moves;
};

type Step =
  | { readonly type: 'join' | 'leave' | 'die'; readonly who: number }
  | { readonly type: 'round'; readonly order: readonly number[] };

const apply = (model: Model, step: Step): void => {
  if (step.type === 'round') {
    round(model, step.order);
    return;
  }
  const id = `member-${step.who}`;
  if (step.type === 'join') {
    if (!model.held.has(id)) model.held.set(id, 0);
    return;
  }
  model.free += model.held.get(id) ?? 0;
  model.held.delete(id);
  // A dead member stays listed until its silence is noticed.
  if (step.type === 'leave') model.said.delete(id);
};

const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constantFrom('join', 'leave', 'die'), who: fc.nat(11) }),
    fc.record({ type: fc.constant('round'), order: fc.array(fc.nat(99), { minLength: 1, maxLength: 12 }) }),
  ),
  { maxLength: 40 },
);

const settledAfter = (partitions: number, history: readonly Step[], order: readonly number[]): Model => {
  const model: Model = { partitions, held: new Map(), said: new Map(), free: partitions, idleRounds: 0 };
  for (const step of history) apply(model, step);
  if (model.held.size === 0) model.held.set('last', 0);
  for (const id of model.said.keys()) if (!model.held.has(id)) model.said.delete(id);
  // Every round moves a lease towards an even distribution, until no lease needs to move.
  for (let rounds = 0; rounds < 4 * partitions + 10; rounds += 1) round(model, order);
  return model;
};

const orders = fc.array(fc.nat(99), { minLength: 1, maxLength: 12 });

test('after any joins, leaves and deaths every partition is held and the shares are even', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), steps, orders, (partitions, history, order) => {
      const { held, free } = settledAfter(partitions, history, order);
      const each = [...held.values()];
      assert.is(free, 0);
      assert.is(
        each.reduce((sum, one) => sum + one, 0),
        partitions,
      );
      assert.ok(Math.max(...each) <= Math.ceil(partitions / each.length));
      assert.ok(Math.min(...each) >= Math.floor(partitions / each.length));
    }),
    { numRuns: 500 },
  );
});

test('once even, nothing moves any more', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      steps,
      orders,
      fc.array(orders, { minLength: 1, maxLength: 10 }),
      (partitions, history, order, later) => {
        const model = settledAfter(partitions, history, order);
        for (const next of later) assert.is(round(model, next), 0);
      },
    ),
    { numRuns: 300 },
  );
});

test('shares add up to the partitions and differ by one at most', () => {
  const holdings = fc.array(fc.nat(64), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 256 }), holdings, (partitions, each) => {
      const live = each.map((held, index) => ({ id: `member-${index}`, held }));
      const targets = live.map((self) => fairShare({ partitions, self, live }).target);
      assert.is(
        targets.reduce((sum, one) => sum + one, 0),
        partitions,
      );
      assert.ok(Math.max(...targets) - Math.min(...targets) <= 1);
    }),
  );
});

test('a fifth projector gets its part of 16 although nobody holds more than the fifth rounded up', () => {
  const live = ['a', 'b', 'c', 'd'].map((id) => ({ id, held: 4 })).concat({ id: 'e', held: 0 });
  const given = live.map((self) => fairShare({ partitions: 16, self, live }).giveBack);
  assert.equal(given, [0, 1, 1, 1, 0]);
});

test('nobody gives back while nobody is short', () => {
  const self = { id: 'a', held: 9 };
  const live = [self, { id: 'b', held: 8 }];
  assert.equal(fairShare({ partitions: 16, self, live }), { target: 8, giveBack: 0 });
  const alone = { id: 'a', held: 16 };
  assert.equal(fairShare({ partitions: 16, self: alone, live: [] }), { target: 16, giveBack: 0 });
});

test('who holds one more than the others keeps it, whatever the names', () => {
  const live = [
    { id: 'a', held: 1 },
    { id: 'z', held: 2 },
  ];
  const given = live.map((self) => fairShare({ partitions: 3, self, live }).giveBack);
  assert.equal(given, [0, 0]);
});
