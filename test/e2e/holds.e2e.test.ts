import { waitUntil } from '../../infra/local/wait-until.ts';
import { audit } from '../support/audit.ts';
import {
  type Answer,
  allPages,
  call,
  changeShow,
  getPool,
  getReservation,
  openShow,
  reserve,
  reserved,
  tell,
  untilStatus,
  type Verb,
} from '../support/client.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('holds', { timeoutMs: 60_000 });

const patienceMs = 20_000;
const batchMax = 400;

let running: RunningSystem;
let api: string;

test.before(async () => {
  // Small batches, so that many due holds take several of them. A high limit on the wait: the estimate for
  // thousands of requests at once may be minutes, because few were decided per second before.
  const env = { ONSALE_BATCH_MAX: String(batchMax), ONSALE_BACKLOG_WAIT_SECONDS_MAX: '86400' };
  running = await startRunning({ env });
  api = running.api;
});

test.after(() => running.stop());

const statusOf = async (id: string, customer: string): Promise<unknown> =>
  (await getReservation(api, id, customer)).body['status'];

const untilExpired = (id: string, customer: string): Promise<void> =>
  untilStatus(api, id, { customer, status: 'expired' });

/** Repeats the request until there is room: the door may report "full" for up to a second too long. */
const untilReserved = async (showId: string, customer: string): Promise<string> => {
  let answer: Answer | undefined;
  const isReserved = async (): Promise<boolean> => {
    answer = await reserve(api, { customer, showId, quantity: 1, wait: 30 });
    return answer.status === 201;
  };
  assert.ok(await waitUntil(isReserved, { limitMs: patienceMs, everyMs: 50 }), JSON.stringify(answer?.body));
  return String(answer?.body['id']);
};

const timeOf = (value: unknown): number => Date.parse(String(value));

test('a place is held for holdSeconds from its decision, and confirmed with the reference it is given', async () => {
  const showId = await openShow(api, { stalls: 10 }, { holdSeconds: 600 });
  const { status, body } = await reserve(api, { customer: 'ann', showId, quantity: 3, wait: 30 });
  assert.equal([status, body['status']], [201, 'held']);
  assert.is(timeOf(body['expiresAt']) - timeOf(body['decidedAt']), 600_000);
  const { held, confirmed, available } = await getPool(api, showId);
  assert.equal({ held, confirmed, available }, { held: 3, confirmed: 0, available: 7 });
  const id = String(body['id']);
  const confirmation = await tell(api, 'confirm', id, { customer: 'ann', body: { reference: 'paid-1' } });
  assert.is(confirmation.status, 200, JSON.stringify(confirmation.body));
  assert.equal([confirmation.body['status'], confirmation.body['reference']], ['confirmed', 'paid-1']);
  assert.is(confirmation.body['expiresAt'], undefined);
  assert.equal((await getReservation(api, id, 'ann')).body, confirmation.body);
  const after = await getPool(api, showId);
  assert.equal([after.held, after.confirmed, after.available], [0, 3, 7]);
});

test('a hold is extended once, from then on for as long as a new one', async () => {
  const showId = await openShow(api, { stalls: 10 }, { holdSeconds: 60 });
  const first = await reserve(api, { customer: 'ann', showId, quantity: 1, wait: 30 });
  const id = String(first.body['id']);
  const extended = await tell(api, 'extend', id, { customer: 'ann' });
  assert.is(extended.status, 200, JSON.stringify(extended.body));
  assert.equal([extended.body['status'], extended.body['extended']], ['held', true]);
  assert.is(timeOf(extended.body['expiresAt']) - timeOf(extended.body['changedAt']), 60_000);
  assert.ok(timeOf(extended.body['expiresAt']) > timeOf(first.body['expiresAt']));
  isProblem(await tell(api, 'extend', id, { customer: 'ann' }), 409, 'extension-used');
});

test('lines are given back one by one, never more than there are, and somebody else gets them', async () => {
  const showId = await openShow(api, { stalls: 4, balcony: 4 });
  const lines = [
    { poolId: 'stalls', quantity: 4 },
    { poolId: 'balcony', quantity: 2 },
  ];
  const made = await call(`${api}/v1/reservations`, { customer: 'ann', wait: 30, body: { showId, lines } });
  const id = String(made.body['id']);
  const giveBack = (poolId: string, quantity: number): Promise<Answer> =>
    tell(api, 'cancel', id, { customer: 'ann', body: { lines: [{ poolId, quantity }] } });
  const reduced = await giveBack('stalls', 3);
  assert.is(reduced.status, 200, JSON.stringify(reduced.body));
  assert.equal(
    [reduced.body['status'], reduced.body['lines']],
    [
      'confirmed',
      [
        { poolId: 'stalls', quantity: 1 },
        { poolId: 'balcony', quantity: 2 },
      ],
    ],
  );
  isProblem(await giveBack('stalls', 2), 409, 'not-reserved');
  await untilReserved(showId, 'bob');
  assert.equal((await giveBack('stalls', 1)).body['lines'], [{ poolId: 'balcony', quantity: 2 }]);
  const last = await giveBack('balcony', 2);
  assert.equal([last.status, last.body['status']], [200, 'cancelled']);
});

test('an unconfirmed hold expires by itself, and its place is sold again', async () => {
  const showId = await openShow(api, { stalls: 1 }, { holdSeconds: 1 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  await untilReserved(showId, 'bob');
  assert.is(await statusOf(id, 'ann'), 'expired');
});

test('a late confirm takes the places again while they are free, and is told when they are gone', async () => {
  const showId = await openShow(api, { stalls: 2 }, { holdSeconds: 1 });
  const [ann, bob] = await Promise.all(
    ['ann', 'bob'].map((customer) => reserved(api, { customer, showId, quantity: 1 })),
  );
  if (!ann || !bob) throw new Error('nothing reserved');
  await untilExpired(ann, 'ann');
  await untilExpired(bob, 'bob');
  const late = await tell(api, 'confirm', ann, { customer: 'ann' });
  assert.equal([late.status, late.body['status']], [200, 'confirmed']);
  const rival = await untilReserved(showId, 'rival');
  await tell(api, 'confirm', rival, { customer: 'rival' });
  isProblem(await tell(api, 'confirm', bob, { customer: 'bob' }), 409, 'hold-expired');
  const { held, confirmed } = await getPool(api, showId);
  assert.equal({ held, confirmed }, { held: 0, confirmed: 2 });
});

test('a late confirm counts the limits again', async () => {
  const showId = await openShow(api, { stalls: 9 }, { holdSeconds: 1, maxPerCustomer: 2 });
  const first = await reserved(api, { customer: 'ann', showId, quantity: 2 });
  await untilExpired(first, 'ann');
  const second = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  await tell(api, 'confirm', second, { customer: 'ann' });
  isProblem(await tell(api, 'confirm', first, { customer: 'ann' }), 409, 'hold-expired');
  await tell(api, 'cancel', second, { customer: 'ann' });
  assert.is((await tell(api, 'confirm', first, { customer: 'ann' })).status, 200);
});

type State = 'held' | 'confirmed' | 'expired' | 'cancelled' | 'rejected';

/** The table of DESIGN: either the reservation's status afterwards, or the code of the refusal. */
const table = {
  held: { confirm: 'confirmed', extend: 'held', cancel: 'cancelled' },
  confirmed: { confirm: 'confirmed', extend: 'not-held', cancel: 'cancelled' },
  expired: { confirm: 'confirmed', extend: 'hold-expired', cancel: 'expired' },
  cancelled: { confirm: 'already-cancelled', extend: 'already-cancelled', cancel: 'cancelled' },
  rejected: { confirm: 'not-reserved', extend: 'not-reserved', cancel: 'not-reserved' },
} as const satisfies Record<State, Record<Verb, string>>;

const states = ['held', 'confirmed', 'expired', 'cancelled', 'rejected'] as const satisfies readonly State[];
const verbs = ['confirm', 'extend', 'cancel'] as const satisfies readonly Verb[];

const inState = async (state: State, customer: string): Promise<string> => {
  const holdSeconds = state === 'expired' ? 1 : 600;
  const showId = await openShow(api, { stalls: 5 }, { holdSeconds });
  if (state === 'rejected') {
    const refused = await reserve(api, { customer, showId, quantity: 6, wait: 30 });
    return String(refused.body['instance']).split('/').at(-1) ?? '';
  }
  const id = await reserved(api, { customer, showId, quantity: 2 });
  if (state === 'confirmed') await tell(api, 'confirm', id, { customer });
  if (state === 'cancelled') await tell(api, 'cancel', id, { customer });
  if (state === 'expired') await untilExpired(id, customer);
  assert.is(await statusOf(id, customer), state);
  return id;
};

for (const state of states) {
  test(`the row of the table for ${state}: confirm, extend, cancel`, async () => {
    const check = async (verb: Verb): Promise<void> => {
      const customer = `${verb}er`;
      const id = await inState(state, customer);
      const answer = await tell(api, verb, id, { customer });
      const expected = table[state][verb];
      const isDone = states.some((known) => known === expected);
      if (isDone) {
        assert.equal([answer.status, answer.body['status']], [200, expected], `${verb} ${state}`);
      } else {
        isProblem(answer, 409, expected);
        assert.is(answer.body['instance'], `/v1/reservations/${id}`);
      }
      assert.is(await statusOf(id, customer), isDone ? expected : state, `after ${verb} of ${state}`);
    };
    await Promise.all(verbs.map(check));
  });
}

/** When each hold of the show lapsed, once all have; equal times mean the same transaction. */
const lapseTimes = async (showId: string): Promise<readonly unknown[]> => {
  const url = `${api}/v1/reservations?showId=${showId}&status=expired&limit=100`;
  const pages = await allPages((cursor) => call(`${url}${cursor}`, { admin: true }));
  return pages.flat().map((item) => item['changedAt']);
};

test('2,100 holds due at once lapse in batches, and the requests that came meanwhile are decided', async () => {
  // Longer than it takes to decide all of them: none may lapse before the last one is held.
  const [holds, holdSeconds] = [2_100, 15];
  const partition = 3;
  const showId = await openShow(api, { stalls: holds }, { holdSeconds, partition });
  const other = await openShow(api, { stalls: 1_000 }, { partition });
  await running.stopProjector();
  for (let sent = 0; sent < holds; sent += 300) {
    const wave = Array.from({ length: 300 }, (_, n) =>
      reserve(api, { customer: `holder-${sent + n}`, showId, quantity: 1 }),
    );
    for (const { status, body } of await Promise.all(wave)) assert.is(status, 202, JSON.stringify(body));
  }
  await running.startProjector();
  const areHeld = async (): Promise<boolean> => (await getPool(api, showId)).held === holds;
  assert.ok(await waitUntil(areHeld, { limitMs: patienceMs }), 'not all are held');
  const heldByMs = Date.now();
  await running.stopProjector();
  await waitUntil(() => Date.now() > heldByMs + holdSeconds * 1_000 + 500, { limitMs: 30_000 });
  const passers = Array.from({ length: 100 }, (_, n) =>
    reserved(api, { customer: `passer-${n}`, showId: other, quantity: 1, wait: 30 }),
  );
  await running.startProjector();
  await Promise.all(passers);
  const times = await lapseTimes(showId);
  assert.is(times.length, holds);
  for (const time of new Set(times))
    assert.ok(times.filter((other) => other === time).length <= batchMax, 'more than a batch may have');
  await untilReserved(showId, 'late-comer');
});

test('a show that gives up holds confirms at once, and the holds it has still expire', async () => {
  const showId = await openShow(api, { stalls: 5 }, { holdSeconds: 1 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  assert.is((await changeShow(api, showId, { holdSeconds: null })).status, 200);
  const { body } = await reserve(api, { customer: 'bob', showId, quantity: 1, wait: 30 });
  assert.is(body['status'], 'confirmed');
  await untilExpired(id, 'ann');
});

test('pools, reservations, holds and journal agree after all of it', async () => {
  keptPromises(await audit(running.backends.urls));
});
