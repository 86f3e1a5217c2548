import { waitUntil } from '../../infra/local/wait-until.ts';
import { audit } from '../support/audit.ts';
import {
  type Answer,
  call,
  changeShow,
  getPool,
  getShow,
  openShow,
  reserve,
  reserved,
  tell,
} from '../support/client.ts';
import { startLoad } from '../support/load.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('shows change, in order with their reservations', { timeoutMs: 60_000 });

let running: RunningSystem;
let api: string;

test.before(async () => {
  running = await startRunning();
  api = running.api;
});

test.after(() => running.stop());

const stalls = (capacity: number) => [{ id: 'stalls', capacity }];

const ask = (showId: string, customer: string, quantity = 1): Promise<Answer> =>
  reserve(api, { customer, showId, quantity, wait: 30 });

/** Repeats the request until the answer fits: the door learns of a change a moment after its decision. */
const untilAnswered = async (showId: string, fits: (answer: Answer) => boolean): Promise<void> => {
  let answer: Answer | undefined;
  const isSo = async (): Promise<boolean> => {
    answer = await ask(showId, 'passer-by');
    return fits(answer);
  };
  assert.ok(await waitUntil(isSo, { limitMs: 10_000, everyMs: 50 }), JSON.stringify(answer?.body));
};

/** Refused by the door itself: such a refusal names no reservation. */
const atTheDoor =
  (code: string) =>
  ({ body }: Answer): boolean =>
    body['code'] === code && body['instance'] === undefined;

const isMade = ({ status }: Answer): boolean => status === 201;

test('a change without If-Match is 428; with it the show is as asked, and its ETag is new', async () => {
  const showId = await openShow(api, { stalls: 5 });
  const url = `${api}/v1/shows/${showId}`;
  isProblem(
    await call(url, { method: 'PATCH', admin: true, body: { name: 'Another' } }),
    428,
    'revision-required',
  );
  const before = await getShow(api, showId);
  const pools = [{ id: 'balcony', name: 'Balcony', capacity: 7 }];
  const changed = await changeShow(api, showId, { name: 'Another', pools, maxPerRequest: 4 });
  assert.is(changed.status, 200, JSON.stringify(changed.body));
  assert.equal(
    [changed.body['name'], changed.body['revision'], changed.body['maxPerRequest']],
    ['Another', 2, 4],
  );
  const after = await getShow(api, showId);
  assert.is.not(after.etag, before.etag);
  assert.is(after.etag, changed.headers.get('etag'));
  assert.equal(after.body, changed.body);
  assert.equal(
    after.pools.map(({ id, capacity }) => [id, capacity]),
    [
      ['stalls', 5],
      ['balcony', 7],
    ],
  );
});

test('of two equal changes the second is 412, one after the other and at once', async () => {
  const showId = await openShow(api, { stalls: 5 });
  const { etag } = await getShow(api, showId);
  assert.is((await changeShow(api, showId, { etag, pools: stalls(6) })).status, 200);
  isProblem(await changeShow(api, showId, { etag, pools: stalls(6) }), 412, 'stale-revision');
  const fresh = await getShow(api, showId);
  const both = await Promise.all(
    [1, 2].map(() => changeShow(api, showId, { etag: fresh.etag, pools: stalls(7) })),
  );
  assert.equal(both.map(({ status }) => status).toSorted(), [200, 412]);
  assert.is((await getShow(api, showId)).body['revision'], 3);
});

test('a busy sale does not disturb a change: reservations move the ETag, not the revision', async () => {
  const showId = await openShow(api, { stalls: 100_000 });
  const load = startLoad({ api, shows: [showId], workers: 5 });
  try {
    await load.accepts(20);
    const { etag } = await getShow(api, showId);
    await load.accepts(40);
    const changed = await changeShow(api, showId, { etag, pools: stalls(200_000) });
    assert.is(changed.status, 200, JSON.stringify(changed.body));
    isProblem(await changeShow(api, showId, { etag, pools: stalls(200_000) }), 412, 'stale-revision');
    await load.accepts(20);
  } finally {
    await load.stop();
  }
  assert.equal(load.report.odd, []);
});

test('capacity goes up and is sold; below what is taken it is 409', async () => {
  const showId = await openShow(api, { stalls: 2 });
  await reserved(api, { customer: 'ann', showId, quantity: 2 });
  isProblem(await ask(showId, 'bob'), 409, 'sold-out');
  assert.is((await changeShow(api, showId, { pools: stalls(3) })).status, 200);
  await untilAnswered(showId, isMade);
  const refused = await changeShow(api, showId, { pools: stalls(2) });
  isProblem(refused, 409, 'capacity-below-committed');
  assert.is(refused.body['poolId'], 'stalls');
  assert.is((await getPool(api, showId)).capacity, 3);
});

test('with force the capacity follows what comes back down to its target, and sells none of it', async () => {
  const showId = await openShow(api, { stalls: 6 }, { holdSeconds: 600 });
  const first = await reserved(api, { customer: 'ann', showId, quantity: 3 });
  const second = await reserved(api, { customer: 'bob', showId, quantity: 3 });
  await tell(api, 'confirm', second, { customer: 'bob' });
  const forced = await changeShow(api, showId, { pools: stalls(4), force: true });
  assert.is(forced.status, 200, JSON.stringify(forced.body));
  const seen = async (): Promise<readonly unknown[]> => {
    const { capacity, target, available } = await getPool(api, showId);
    return [capacity, target, available];
  };
  assert.equal(await seen(), [6, 4, 0]);
  const one = { lines: [{ poolId: 'stalls', quantity: 1 }] };
  await tell(api, 'cancel', first, { customer: 'ann', body: one });
  assert.equal(await seen(), [5, 4, 0]);
  isProblem(await ask(showId, 'eve'), 409, 'sold-out');
  await tell(api, 'cancel', first, { customer: 'ann' });
  assert.equal(await seen(), [4, undefined, 1]);
  await untilAnswered(showId, isMade);
});

test('closing shuts the door, leaves confirms alone, and the show opens again', async () => {
  const showId = await openShow(api, { stalls: 50 }, { holdSeconds: 600 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  const closed = await changeShow(api, showId, { closed: true });
  assert.equal([closed.status, closed.body['closed']], [200, true]);
  isProblem(await ask(showId, 'bob'), 409, 'sale-closed');
  await untilAnswered(showId, atTheDoor('sale-closed'));
  assert.is((await tell(api, 'confirm', id, { customer: 'ann' })).body['status'], 'confirmed');
  assert.is((await changeShow(api, showId, { closed: false })).status, 200);
  await untilAnswered(showId, isMade);
});

test('closing shuts the door although nobody gets round to deciding it', async () => {
  const showId = await openShow(api, { stalls: 50 });
  await running.stopProjector();
  const closing = changeShow(api, showId, { closed: true });
  const isShut = async (): Promise<boolean> =>
    atTheDoor('sale-closed')(await reserve(api, { customer: 'late', showId, quantity: 1 }));
  assert.ok(await waitUntil(isShut, { limitMs: 5_000, everyMs: 50 }), 'the door stayed open');
  await running.startProjector();
  assert.ok([200, 202].includes((await closing).status));
  await untilAnswered(showId, atTheDoor('sale-closed'));
});

test('the window moves: before it and after it nothing is sold, without it everything again', async () => {
  const showId = await openShow(api, { stalls: 50 });
  await changeShow(api, showId, { opensAt: '2999-01-01T00:00:00.000Z' });
  isProblem(await ask(showId, 'ann'), 409, 'sale-not-open');
  await untilAnswered(showId, atTheDoor('sale-not-open'));
  await changeShow(api, showId, { opensAt: null, closesAt: '2001-01-01T00:00:00.000Z' });
  await untilAnswered(showId, atTheDoor('sale-closed'));
  await changeShow(api, showId, { closesAt: null });
  await untilAnswered(showId, isMade);
});

test('maxPerRequest is judged over all lines, at the door and without it', async () => {
  const showId = await openShow(api, { stalls: 50, balcony: 50 });
  const lines = [
    { poolId: 'stalls', quantity: 2 },
    { poolId: 'balcony', quantity: 1 },
  ];
  const three = (): Promise<Answer> =>
    call(`${api}/v1/reservations`, { customer: 'ann', wait: 30, body: { showId, lines } });
  assert.is((await three()).status, 201);
  await changeShow(api, showId, { maxPerRequest: 2 });
  isProblem(await three(), 422, 'over-request-limit');
  const isAtDoor = async (): Promise<boolean> => atTheDoor('over-request-limit')(await three());
  assert.ok(await waitUntil(isAtDoor, { limitMs: 10_000 }));
});

test('maxPerCustomer counts all reservations of the show, and no longer what was cancelled', async () => {
  const showId = await openShow(api, { stalls: 50 }, { maxPerCustomer: 3 });
  const first = await reserved(api, { customer: 'ann', showId, quantity: 2 });
  const refused = await ask(showId, 'ann', 2);
  isProblem(refused, 409, 'customer-limit');
  const stored = await call(`${api}${refused.body['instance']}`, { customer: 'ann' });
  assert.equal([stored.body['status'], stored.body['reason']], ['rejected', 'customer-limit']);
  assert.is((await ask(showId, 'ann', 1)).status, 201);
  assert.is((await ask(showId, 'bob', 3)).status, 201);
  await tell(api, 'cancel', first, { customer: 'ann' });
  assert.is((await ask(showId, 'ann', 2)).status, 201);
  await changeShow(api, showId, { maxPerCustomer: null });
  assert.is((await ask(showId, 'ann', 10)).status, 201);
});

test('nobody has more than ten live holds of a show', async () => {
  const showId = await openShow(api, { stalls: 50 }, { holdSeconds: 600 });
  const ids = await Promise.all(
    Array.from({ length: 10 }, () => reserved(api, { customer: 'ann', showId, quantity: 1 })),
  );
  isProblem(await ask(showId, 'ann'), 409, 'hold-limit');
  assert.is((await ask(showId, 'bob')).status, 201);
  await tell(api, 'confirm', ids[0] ?? '', { customer: 'ann' });
  assert.is((await ask(showId, 'ann')).status, 201);
});

test('pools, reservations and journal agree after all of it', async () => {
  keptPromises(await audit(running.backends.urls));
});
