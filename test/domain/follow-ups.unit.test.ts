import { assert, suite } from '../support/suite.ts';
import { cancelling, changing, confirming, extending } from './ask.ts';
import { customerId, line, opening, request } from './generate.ts';
import { cells } from './state-table.ts';
import { existing, inAWord, type Story, storyByDecide } from './story.ts';

const test = suite('follow-ups');

for (const { promise, play, answer, becomes, pool } of cells) {
  test(promise, () => {
    const story = storyByDecide();
    assert.is(play(story), answer);
    assert.is(story.reservation(1)?.status, becomes);
    const [{ held, confirmed } = { held: -1, confirmed: -1 }] = story.ledger().pools;
    assert.equal([held, confirmed], pool);
    assert.is(story.totals().places, held + (becomes === 'confirmed' ? confirmed : 0));
    assert.is(story.totals().holds, becomes === 'held' ? 1 : 0);
  });
}

const holding = (rules: Parameters<typeof opening>[1] = {}, quantity = 4): Story => {
  const story = storyByDecide();
  story.ask(opening({ stalls: 10, box: 4 }, { holdSeconds: 60, ...rules }));
  story.ask(request(1, [line('stalls', quantity), line('box', 2)]), { arrivedAtMs: 1_000, nowMs: 5_000 });
  return story;
};

const committed = (story: Story): number[] =>
  story.ledger().pools.map(({ held, confirmed }) => held + confirmed);

test('a hold counts from its decision, however long the queue was', () =>
  assert.is(holding().reservation(1)?.expiresAtMs, 65_000));

test('an extension counts from its own decision', () => {
  const story = holding();
  story.ask(extending(1), { arrivedAtMs: 6_000, nowMs: 20_000 });
  assert.is(story.reservation(1)?.expiresAtMs, 80_000);
});

test('an extension never takes time away, even after the show shortened its holds or gave them up', () => {
  for (const holdSeconds of [1, null]) {
    const story = holding();
    story.ask(changing({ rules: { holdSeconds } }));
    assert.is(inAWord(story.ask(extending(1), { nowMs: 20_000 })), 'HoldExtended');
    assert.is(story.reservation(1)?.expiresAtMs, 65_000);
  }
});

test("another customer's reservation is not found, whatever is asked and whatever its state", () => {
  const who = { customerId: customerId('mallory') };
  for (const ask of [confirming(1, who), extending(1, who), cancelling(1, undefined, who)]) {
    const story = holding();
    assert.is(inAWord(story.ask(ask)), 'not-found');
    assert.is(story.reservation(1)?.status, 'held');
    story.lapse(1);
    assert.is(inAWord(story.ask(ask)), 'not-found');
  }
});

test('a service or an administrator need not say whose it is; a customer who does not finds nothing', () => {
  const answers = (['service', 'admin', 'customer'] as const).map((actor) => {
    const { customerId: _nobody, ...request } = confirming(1, { actor });
    return inAWord(holding().ask(request));
  });
  assert.equal(answers, ['ReservationConfirmed', 'ReservationConfirmed', 'not-found']);
});

test('who acts for a customer without saying so is held to the limits of that customer', () => {
  const story = holding({ maxPerCustomer: 6 });
  story.lapse(1);
  story.ask(request(2, [line('stalls', 1)]));
  const { customerId: _nobody, ...request1 } = confirming(1, { actor: 'service' });
  assert.is(inAWord(story.ask(request1)), 'hold-expired');
});

test('a reservation that nobody made is not found', () => {
  for (const ask of [confirming(9), extending(9), cancelling(9)])
    assert.is(inAWord(holding().ask(ask)), 'not-found');
});

test('where the service confirms, the customer cannot, in time or late, but may extend and cancel', () => {
  const story = holding({ confirmBy: 'service' });
  assert.is(inAWord(story.ask(confirming(1))), 'forbidden');
  assert.is(inAWord(story.ask(extending(1))), 'HoldExtended');
  story.lapse(1);
  assert.is(inAWord(story.ask(confirming(1))), 'forbidden');
  assert.is(inAWord(story.ask(confirming(1, { actor: 'service' }))), 'ReservationConfirmed');
  assert.is(inAWord(story.ask(cancelling(1))), 'ReservationCancelled');
});

test('a confirmation may bring a reference, and keeps the one there was otherwise', () => {
  const story = holding();
  story.ask(confirming(1, { reference: 'order 7' }));
  assert.is(story.reservation(1)?.reference, 'order 7');
  const other = storyByDecide();
  other.ask(opening({ stalls: 10 }, { holdSeconds: 60 }));
  other.ask({ ...request(1, [line('stalls', 1)]), reference: 'cart 3' });
  other.ask(confirming(1));
  assert.is(other.reservation(1)?.reference, 'cart 3');
});

test('confirmed with another reference, or with none: it stays so, and what was named is kept', () => {
  for (const [first, second, answer] of [
    ['pay-1', 'pay-1', 'RequestSatisfied'],
    ['pay-1', undefined, 'RequestSatisfied'],
    [undefined, undefined, 'RequestSatisfied'],
    ['pay-1', 'pay-2', 'confirmed-otherwise'],
    ['pay-1', 'PAY-1', 'confirmed-otherwise'],
    ['pay-1', '', 'confirmed-otherwise'],
    [undefined, 'pay-2', 'confirmed-otherwise'],
  ] as const) {
    const story = holding();
    const named = (reference?: string) => (reference === undefined ? {} : { reference });
    story.ask(confirming(1, named(first)));
    const decision = story.ask(confirming(1, named(second)));
    assert.is(inAWord(decision), answer, `${first}, then ${second}`);
    assert.is('reference' in decision ? decision.reference : undefined, second);
    assert.equal([story.reservation(1)?.status, story.reservation(1)?.reference], ['confirmed', first]);
  }
});

test('what a hold was asked for with gives way to what it is confirmed with, in time or late; from then on it counts', () => {
  for (const lapses of [false, true]) {
    const story = storyByDecide();
    story.ask(opening({ stalls: 10 }, { holdSeconds: 60 }));
    story.ask({ ...request(1, [line('stalls', 1)]), reference: 'cart 3' });
    if (lapses) story.lapse(1);
    assert.is(inAWord(story.ask(confirming(1, { reference: 'pay-1' }))), 'ReservationConfirmed');
    assert.is(inAWord(story.ask(confirming(1, { reference: 'cart 3' }))), 'confirmed-otherwise');
    assert.is(story.reservation(1)?.reference, 'pay-1');
  }
});

test('confirmed at once, it is confirmed with the reference it was asked for with', () => {
  const story = storyByDecide();
  story.ask(opening({ stalls: 10 }));
  story.ask({ ...request(1, [line('stalls', 1)]), reference: 'order 7' });
  assert.is(inAWord(story.ask(confirming(1, { reference: 'order 7' }))), 'RequestSatisfied');
  assert.is(inAWord(story.ask(confirming(1, { reference: 'order 8' }))), 'confirmed-otherwise');
});

test('what a confirmation named is kept whatever it is refused for, but not of a stranger', () => {
  const paid = { reference: 'pay-1' };
  const story = holding();
  story.ask(cancelling(1));
  assert.equal(story.ask(confirming(1, paid)), {
    type: 'RequestRefused',
    asked: 'ConfirmationRequested',
    reservationId: existing(story.reservation(1)).id,
    reason: 'already-cancelled',
    ...paid,
  });
  assert.not('reference' in holding().ask(confirming(1, { ...paid, customerId: customerId('mallory') })));
});

test('a confirmation that names no reference says that it kept the one there was', () => {
  for (const [reference, kept] of [
    ['cart 3', true],
    [undefined, undefined],
  ] as const) {
    const story = storyByDecide();
    story.ask(opening({ stalls: 10 }, { holdSeconds: 60 }));
    story.ask({ ...request(1, [line('stalls', 1)]), ...(reference && { reference }) });
    const decision = story.ask(confirming(1));
    assert.is(decision.type === 'ReservationConfirmed' && decision.keptReference, kept);
  }
});

test('cancelling by lines gives back just those places and keeps the rest', () => {
  const story = holding();
  story.ask(cancelling(1, [line('stalls', 1), line('box', 2)]));
  assert.equal(story.reservation(1)?.lines, [line('stalls', 3)]);
  assert.equal(committed(story), [3, 0]);
  assert.equal(story.totals(), { places: 3, holds: 1 });
});

test('two lines of a pool give back their sum', () => {
  const story = holding();
  story.ask(cancelling(1, [line('stalls', 1), line('stalls', 2)]));
  assert.equal(story.reservation(1)?.lines, [line('stalls', 1), line('box', 2)]);
});

test('giving back more than there is, or of a pool it is not in, changes nothing', () => {
  for (const lines of [
    [line('stalls', 5)],
    [line('stalls', 3), line('stalls', 2)],
    [line('balcony', 1)],
    [line('stalls', 1), line('balcony', 1)],
  ]) {
    const story = holding();
    assert.is(inAWord(story.ask(cancelling(1, lines))), 'not-reserved');
    assert.equal(committed(story), [4, 2]);
  }
});

test('giving back the last place cancels, and counts no hold any more', () => {
  const story = holding();
  story.ask(cancelling(1, [line('stalls', 4)]));
  assert.is(inAWord(story.ask(cancelling(1, [line('box', 2)]))), 'ReservationCancelled');
  assert.is(story.reservation(1)?.status, 'cancelled');
  assert.equal(committed(story), [0, 0]);
  assert.equal(story.totals(), { places: 0, holds: 0 });
});

test('what was given back is not confirmed or lapsed with the rest', () => {
  const confirmed = holding();
  confirmed.ask(cancelling(1, [line('stalls', 3)]));
  confirmed.ask(confirming(1));
  assert.equal(committed(confirmed), [1, 2]);
  const lapsed = holding();
  lapsed.ask(cancelling(1, [line('stalls', 3)]));
  lapsed.lapse(1);
  assert.equal(committed(lapsed), [0, 0]);
});

test('places come back once, however many cancels, expiries and confirms meet', () => {
  const story = holding();
  story.lapse(1);
  for (const ask of [
    cancelling(1),
    confirming(1),
    confirming(1),
    cancelling(1),
    cancelling(1),
    confirming(1),
  ])
    story.ask(ask);
  assert.equal(committed(story), [0, 0]);
  assert.equal(story.totals(), { places: 0, holds: 0 });
  assert.is(existing(story.reservation(1)).status, 'cancelled');
});
