import { countsCustomers } from '../../src/domain/policies.ts';
import type { ShowRules } from '../../src/domain/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { cancelling, changing, confirming } from './ask.ts';
import { customerId, line, opening, poolId, request } from './generate.ts';
import { inAWord, type Story, storyByDecide } from './story.ts';

const test = suite('policies');

const saleWith = (rules: ShowRules, capacity = 100): Story => {
  const story = storyByDecide();
  story.ask(opening({ stalls: capacity }, rules));
  return story;
};

const ask = (story: Story, n: number, quantity: number, customer = 'alice', arrivedAtMs = 0): string =>
  inAWord(story.ask(request(n, [line('stalls', quantity)], undefined, customer), { arrivedAtMs }));

test('the first rule in order that is broken is the one that is told', () => {
  // At first the request violates every rule; each round repairs the reported one.
  const story = saleWith({ holdSeconds: 60 }, 10);
  for (let n = 1; n <= 10; n++) ask(story, n, 1);
  const told: string[] = [];
  const mend = (rules: Parameters<typeof changing>[0]) => {
    told.push(inAWord(story.ask(request(20 + told.length, [line('stalls', 5)]), { arrivedAtMs: 100 })));
    story.ask(changing({ revisions: [story.ledger().revision], ...rules }));
  };
  story.ask(
    changing({
      rules: { maxPerRequest: 4, maxPerCustomer: 12, opensAtMs: 200, closed: true },
    }),
  );
  told.push(inAWord(story.ask(request(19, [line('box', 5)]))));
  mend({ rules: { maxPerRequest: null } });
  mend({ rules: { maxPerCustomer: null } });
  mend({ rules: { holdSeconds: null } });
  mend({ rules: { opensAtMs: null } });
  mend({ rules: { closed: null } });
  mend({ pools: [{ id: poolId('stalls'), capacity: 15 }] });
  mend({});
  assert.equal(told, [
    'unknown-pool',
    'over-request-limit',
    'customer-limit',
    'hold-limit',
    'sale-not-open',
    'sale-closed',
    'sold-out',
    'ReservationConfirmed',
  ]);
});

test('a request may ask for as much as the limit, over all its lines together', () => {
  const story = storyByDecide();
  story.ask(opening({ stalls: 9, box: 9 }, { maxPerRequest: 4 }));
  const both = (n: number, stalls: number, box: number): string =>
    inAWord(story.ask(request(n, [line('stalls', stalls), line('box', box)])));
  assert.is(both(1, 2, 3), 'over-request-limit');
  assert.is(both(2, 2, 2), 'ReservationConfirmed');
});

test('a customer has no more than the limit over all reservations, held and confirmed, and others have their own', () => {
  const story = saleWith({ maxPerCustomer: 4, holdSeconds: 60 });
  assert.is(ask(story, 1, 2), 'ReservationHeld');
  story.ask(confirming(1));
  assert.is(ask(story, 2, 1), 'ReservationHeld');
  assert.is(ask(story, 3, 2), 'customer-limit');
  assert.is(ask(story, 4, 1), 'ReservationHeld');
  assert.is(ask(story, 5, 1), 'customer-limit');
  assert.is(ask(story, 6, 4, 'bob'), 'ReservationHeld');
});

test('what is cancelled, given back by lines or expired no longer counts', () => {
  const story = saleWith({ maxPerCustomer: 4, holdSeconds: 60 });
  ask(story, 1, 4);
  story.ask(cancelling(1, [line('stalls', 1)]));
  assert.is(ask(story, 2, 1), 'ReservationHeld');
  assert.is(ask(story, 3, 1), 'customer-limit');
  story.lapse(2);
  assert.is(ask(story, 4, 1), 'ReservationHeld');
  story.ask(cancelling(1));
  assert.is(ask(story, 5, 3), 'ReservationHeld');
  assert.is(ask(story, 6, 1), 'customer-limit');
});

test('what was rejected does not count', () => {
  const story = saleWith({ maxPerCustomer: 4 }, 3);
  assert.is(ask(story, 1, 4), 'sold-out');
  assert.is(ask(story, 2, 3), 'ReservationConfirmed');
});

test('ten live holds a customer; confirmed, cancelled and expired ones make room for another', () => {
  const story = saleWith({ holdSeconds: 60 });
  for (let n = 1; n <= 10; n++) assert.is(ask(story, n, 1), 'ReservationHeld');
  assert.is(ask(story, 11, 1), 'hold-limit');
  assert.is(ask(story, 12, 1, 'bob'), 'ReservationHeld');
  story.ask(cancelling(1));
  assert.is(ask(story, 13, 1), 'ReservationHeld');
  assert.is(ask(story, 14, 1), 'hold-limit');
  story.ask(confirming(2));
  assert.is(ask(story, 15, 1), 'ReservationHeld');
  assert.is(ask(story, 16, 1), 'hold-limit');
  story.lapse(3);
  assert.is(ask(story, 17, 1), 'ReservationHeld');
  assert.is(ask(story, 18, 1), 'hold-limit');
});

test('the limit of holds is none where nothing is held', () => {
  const story = saleWith({});
  for (let n = 1; n <= 12; n++) assert.is(ask(story, n, 1), 'ReservationConfirmed');
});

test('the window is judged by when a request arrived, however late it is decided', () => {
  const story = saleWith({ opensAtMs: 100, closesAtMs: 200 });
  const decidedLate = (n: number, arrivedAtMs: number): string =>
    inAWord(story.ask(request(n, [line('stalls', 1)]), { arrivedAtMs, nowMs: 5_000 }));
  assert.equal(
    [99, 100, 199, 200].map((at, n) => decidedLate(n, at)),
    ['sale-not-open', 'ReservationConfirmed', 'ReservationConfirmed', 'sale-closed'],
  );
});

test('a closed show sells nothing until it is opened again', () => {
  const story = saleWith({});
  story.ask(changing({ rules: { closed: true } }));
  assert.is(ask(story, 1, 1), 'sale-closed');
  story.ask(changing({ revisions: [2], rules: { closed: false } }));
  assert.is(ask(story, 2, 1), 'ReservationConfirmed');
});

test('closing a show, or its window, does not stop a confirm, in time or late', () => {
  for (const rules of [{ closed: true }, { closesAtMs: 10 }]) {
    const story = saleWith({ holdSeconds: 60 });
    ask(story, 1, 1);
    ask(story, 2, 1);
    story.lapse(2);
    story.ask(changing({ rules }));
    assert.is(inAWord(story.ask(confirming(1), { arrivedAtMs: 500 })), 'ReservationConfirmed');
    assert.is(inAWord(story.ask(confirming(2), { arrivedAtMs: 500 })), 'ReservationConfirmed');
  }
});

test('a late confirm counts the customer limit again', () => {
  const story = saleWith({ maxPerCustomer: 4, holdSeconds: 60 });
  ask(story, 1, 3);
  story.lapse(1);
  ask(story, 2, 2);
  assert.is(inAWord(story.ask(confirming(1))), 'hold-expired');
  assert.equal(story.totals(), { places: 2, holds: 1 });
  story.ask(cancelling(2));
  assert.is(inAWord(story.ask(confirming(1))), 'ReservationConfirmed');
  assert.equal(story.totals(), { places: 3, holds: 0 });
});

test('a late confirm takes no more than there is, down to the last place', () => {
  const story = saleWith({ holdSeconds: 60 }, 4);
  ask(story, 1, 3);
  story.lapse(1);
  ask(story, 2, 2, 'bob');
  assert.is(inAWord(story.ask(confirming(1))), 'hold-expired');
  story.ask(cancelling(2, [line('stalls', 1)], { customerId: customerId('bob') }));
  assert.is(inAWord(story.ask(confirming(1))), 'ReservationConfirmed');
  const [pool] = story.ledger().pools;
  assert.equal([pool?.held, pool?.confirmed], [1, 3]);
});

test('a late confirm is no new hold: ten live ones do not stop it', () => {
  const story = saleWith({ holdSeconds: 60 });
  ask(story, 1, 1);
  story.lapse(1);
  for (let n = 2; n <= 11; n++) ask(story, n, 1);
  assert.is(ask(story, 12, 1), 'hold-limit');
  assert.is(inAWord(story.ask(confirming(1))), 'ReservationConfirmed');
});

test('what a customer has is counted where a limit or a hold needs it, and nowhere else', () => {
  assert.is(countsCustomers({ rules: {} }), false);
  assert.is(countsCustomers({ rules: { maxPerRequest: 2 } }), false);
  assert.is(countsCustomers({ rules: { maxPerCustomer: 2 } }), true);
  assert.is(countsCustomers({ rules: { holdSeconds: 2 } }), true);
});
