import fc from 'fast-check';
import type { PoolLedger } from '../../src/domain/ledger.ts';
import type { PoolChange, ShowRules } from '../../src/domain/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { cancelling, changing, confirming } from './ask.ts';
import { line, opening, poolId, request } from './generate.ts';
import { existing, inAWord, type Story, storyByDecide } from './story.ts';

const test = suite('show changes');

/** A show with 4 boxes and 10 stalls, of which reservation 1 holds `sold`. */
const show = (sold = 0, rules: ShowRules = {}): Story => {
  const story = storyByDecide();
  story.ask(opening({ stalls: 10, box: 4 }, rules));
  if (sold > 0) story.ask(request(1, [line('stalls', sold)]));
  return story;
};

const change = (story: Story, it: Parameters<typeof changing>[0]): string =>
  inAWord(story.ask(changing({ revisions: [story.ledger().revision], ...it })));
const stalls = (more: Omit<PoolChange, 'id'>) => ({ pools: [{ id: poolId('stalls'), ...more }] });
const pool = (story: Story, id = 'stalls'): PoolLedger =>
  existing(story.ledger().pools.find((each) => each.id === id));
const sell = (story: Story, n: number, quantity: number): string =>
  inAWord(story.ask(request(n, [line('stalls', quantity)])));

test('the second of two equal changes is stale, and a third for the new revision is not', () => {
  const story = show();
  const twice = { revisions: [1], ...stalls({ capacity: 12 }) };
  assert.is(change(story, twice), 'ShowChanged');
  assert.is(change(story, twice), 'stale-revision');
  assert.is(story.ledger().revision, 2);
  assert.is(change(story, { ...twice, revisions: [2] }), 'ShowChanged');
});

test('a change of several revisions is made when it finds one of them, one of any whatever it finds', () => {
  const story = show();
  assert.is(change(story, { revisions: [3, 2] }), 'stale-revision');
  assert.is(change(story, { revisions: [2, 1] }), 'ShowChanged');
  assert.is(change(story, { revisions: [1, 3] }), 'stale-revision');
  const { revisions: _one, ...ofAny } = changing(stalls({ capacity: 12 }));
  assert.is(inAWord(story.ask(ofAny)), 'ShowChanged');
  assert.is(story.ledger().revision, 3);
});

test('sales do not raise the revision', () => {
  const story = show(5);
  story.ask(cancelling(1));
  assert.is(change(story, { revisions: [1] }), 'ShowChanged');
});

test('a show nobody opened is not found', () =>
  assert.is(inAWord(storyByDecide().ask(changing({ revisions: [1] }))), 'not-found'));

test('capacity added is sold from the next request on', () => {
  const story = show(10);
  assert.is(sell(story, 2, 1), 'sold-out');
  change(story, stalls({ capacity: 11 }));
  assert.is(sell(story, 3, 1), 'ReservationConfirmed');
  assert.is(sell(story, 4, 1), 'sold-out');
});

test('capacity goes down to what is held and confirmed and not below', () => {
  const story = show(6, { holdSeconds: 60 });
  sell(story, 2, 1);
  story.ask(confirming(1));
  assert.is(change(story, stalls({ capacity: 6 })), 'capacity-below-committed');
  assert.is(pool(story).capacity, 10);
  assert.is(change(story, stalls({ capacity: 7 })), 'ShowChanged');
  assert.is(sell(story, 3, 1), 'sold-out');
});

test('a refusal names the pool, and none of the other changes is made', () => {
  const story = show(6);
  const decision = story.ask(
    changing({
      name: 'Another',
      pools: [
        { id: poolId('box'), capacity: 9 },
        { id: poolId('stalls'), capacity: 5 },
      ],
      rules: { closed: true },
    }),
  );
  assert.is('poolId' in decision && decision.poolId, 'stalls');
  const { name, revision, rules } = story.ledger();
  assert.equal([name, revision, rules, pool(story, 'box').capacity], ['A show', 1, {}, 4]);
});

test('by force, capacity follows what is committed down to the target, and is never sold above it again', () => {
  const story = show(6);
  sell(story, 2, 2);
  assert.is(change(story, { ...stalls({ capacity: 5 }), force: true }), 'ShowChanged');
  assert.equal([pool(story).capacity, pool(story).target], [8, 5]);
  story.ask(cancelling(2, [line('stalls', 1)]));
  assert.equal([pool(story).capacity, pool(story).target], [7, 5]);
  assert.is(sell(story, 3, 1), 'sold-out');
  story.ask(cancelling(1, [line('stalls', 3)]));
  assert.equal([pool(story).capacity, pool(story).target], [5, undefined]);
  assert.is(sell(story, 4, 2), 'sold-out');
  assert.is(sell(story, 5, 1), 'ReservationConfirmed');
  story.ask(cancelling(5));
  assert.is(pool(story).capacity, 5);
});

test('by force, a hold that lapses takes its places out of sale; a late confirm cannot have them back', () => {
  const story = show(6, { holdSeconds: 60 });
  change(story, { ...stalls({ capacity: 5 }), force: true });
  story.lapse(1);
  assert.equal([pool(story).capacity, pool(story).target], [5, undefined]);
  assert.is(inAWord(story.ask(confirming(1))), 'hold-expired');
});

test('by force, a hold that is confirmed keeps its places', () => {
  const story = show(6, { holdSeconds: 60 });
  change(story, { ...stalls({ capacity: 5 }), force: true });
  assert.is(inAWord(story.ask(confirming(1))), 'ReservationConfirmed');
  assert.equal([pool(story).capacity, pool(story).target, pool(story).confirmed], [6, 5, 6]);
});

test('force with room enough is an ordinary change, and a later capacity ends an earlier target', () => {
  const story = show(6);
  change(story, { ...stalls({ capacity: 8 }), force: true });
  assert.equal([pool(story).capacity, pool(story).target], [8, undefined]);
  change(story, { ...stalls({ capacity: 5 }), force: true });
  change(story, stalls({ capacity: 9 }));
  story.ask(cancelling(1));
  assert.equal([pool(story).capacity, pool(story).target], [9, undefined]);
});

test('a change of something else leaves a target as it is', () => {
  const story = show(6);
  change(story, { ...stalls({ capacity: 5 }), force: true });
  change(story, { ...stalls({ name: 'Parterre' }), rules: { maxPerRequest: 4 } });
  assert.equal([pool(story).name, pool(story).capacity, pool(story).target], ['Parterre', 6, 5]);
});

test('what is not named stays, null clears, and a rule set to false stays false', () => {
  const story = show(0, { maxPerRequest: 4, maxPerCustomer: 8, closed: true });
  change(story, { rules: { maxPerRequest: null, closed: false } });
  assert.equal(story.ledger().rules, { maxPerCustomer: 8, closed: false });
  assert.equal([story.ledger().name, pool(story).capacity, pool(story, 'box').capacity], ['A show', 10, 4]);
});

test('a new pool needs a capacity, is named after itself unless told, and is sold at once', () => {
  const story = show();
  const id = poolId('balcony');
  assert.is(change(story, { pools: [{ id, name: 'Balcony' }] }), 'unknown-pool');
  assert.is(change(story, { pools: [{ id, capacity: 1 }] }), 'ShowChanged');
  assert.equal(pool(story, 'balcony'), { id, name: 'balcony', capacity: 1, held: 0, confirmed: 0 });
  assert.is(inAWord(story.ask(request(2, [line('balcony', 1)]))), 'ReservationConfirmed');
});

test('a show has a hundred pools and not one more', () => {
  const story = show();
  const pools = Array.from({ length: 99 }, (_, n) => ({ id: poolId(`p${n}`), capacity: 1 }));
  assert.is(change(story, { pools }), 'invalid-request');
  assert.is(change(story, { pools: pools.slice(1) }), 'ShowChanged');
});

test('a window that would close before it opens is refused, also against the end that is set already', () => {
  const story = show(0, { opensAtMs: 100, closesAtMs: 200 });
  for (const rules of [{ opensAtMs: 200 }, { closesAtMs: 100 }, { opensAtMs: 9, closesAtMs: 8 }])
    assert.is(change(story, { rules }), 'invalid-request');
  assert.is(change(story, { rules: { opensAtMs: 300, closesAtMs: null } }), 'ShowChanged');
});

test('whatever is forced, capacity is the larger of target and committed and only ever follows down', () => {
  const forced = fc.record({
    target: fc.nat({ max: 12 }),
    given: fc.array(fc.nat({ max: 3 }), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(forced, ({ target, given }) => {
      const story = show(10);
      change(story, { ...stalls({ capacity: target }), force: true });
      let taken = 10;
      for (const quantity of given.filter((each) => each > 0)) {
        if (story.reservation(1)?.status !== 'confirmed' || taken < quantity) break;
        story.ask(cancelling(1, [line('stalls', quantity)]));
        taken -= quantity;
        assert.is(pool(story).capacity, Math.max(target, taken));
        assert.is(sell(story, 2, pool(story).capacity - taken + 1), 'sold-out');
      }
    }),
  );
});
