import { waitUntil } from '../../infra/local/wait-until.ts';
import { audit } from '../support/audit.ts';
import {
  type Answer,
  call,
  getPool,
  getReservation,
  itemsIn,
  openShow,
  reserve,
  reserved,
  tell,
} from '../support/client.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('races, over two API processes', { timeoutMs: 60_000 });

let running: RunningSystem;
let api: string;

test.before(async () => {
  running = await startRunning({ apis: 2 });
  api = running.api;
});

test.after(() => running.stop());

/** The API processes in turn. */
const apiFor = (n: number): string => running.apis[n % running.apis.length] ?? '';

const allAtOnce = <Value>(count: number, act: (n: number) => Promise<Value>): Promise<readonly Value[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)));

const eventsOf = async (id: string, customer: string): Promise<readonly unknown[]> => {
  const history = await call(`${api}/v1/reservations/${id}/history`, { customer });
  return itemsIn(history).flatMap(({ kind, event }) => (kind === 'decision' ? event : []));
};

test('100 cancels of one reservation at once give its places back once', async () => {
  const showId = await openShow(api, { stalls: 10 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 4 });
  await reserved(api, { customer: 'bob', showId, quantity: 3 });
  const answers = await allAtOnce(100, (n) => tell(apiFor(n), 'cancel', id, { customer: 'ann' }));
  for (const { status, body } of answers) assert.equal([status, body['status']], [200, 'cancelled']);
  const { confirmed, available } = await getPool(api, showId);
  assert.equal({ confirmed, available }, { confirmed: 3, available: 7 });
  const cancelled = (await eventsOf(id, 'ann')).filter((event) => event === 'ReservationCancelled');
  assert.is(cancelled.length, 1);
});

test('100 cancels of one line each give back what there was, and not one more', async () => {
  const showId = await openShow(api, { stalls: 100 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 60 });
  const body = { lines: [{ poolId: 'stalls', quantity: 1 }] };
  const answers = await allAtOnce(100, (n) => tell(apiFor(n), 'cancel', id, { customer: 'ann', body }));
  for (const { status } of answers) assert.is(status, 200);
  assert.is((await getReservation(api, id, 'ann')).body['status'], 'cancelled');
  const { confirmed, available } = await getPool(api, showId);
  assert.equal({ confirmed, available }, { confirmed: 0, available: 100 });
  const gave = (await eventsOf(id, 'ann')).filter(
    (event) => event === 'ReservationReduced' || event === 'ReservationCancelled',
  );
  assert.is(gave.length, 60);
});

const isNear = (time: unknown, n: number): boolean => Date.now() >= Date.parse(String(time)) - 60 + (n % 120);

test('confirms against expiry, many at once: every answer is what the reservation then is', async () => {
  const holders = 150;
  const showId = await openShow(api, { stalls: holders }, { holdSeconds: 2 });
  const confirmWhenDue = async (n: number): Promise<string> => {
    const customer = `holder-${n}`;
    const held = await reserve(apiFor(n), { customer, showId, quantity: 1, wait: 30 });
    assert.is(held.status, 201, JSON.stringify(held.body));
    await waitUntil(() => isNear(held.body['expiresAt'], n), { limitMs: 10_000, everyMs: 3 });
    const id = String(held.body['id']);
    const rival = reserve(apiFor(n + 1), { customer: `rival-${n}`, showId, quantity: 1, wait: 30 });
    const answer = await tell(apiFor(n), 'confirm', id, { customer });
    if (answer.status !== 200) isProblem(answer, 409, 'hold-expired');
    const after = (await getReservation(api, id, customer)).body['status'];
    assert.is(after, answer.status === 200 ? 'confirmed' : 'expired');
    await rivalConfirms(await rival, `rival-${n}`);
    return String(after);
  };
  const statuses = await allAtOnce(holders, confirmWhenDue);
  const { held, confirmed, available } = await getPool(api, showId);
  assert.ok(available >= 0 && held + confirmed <= holders);
  assert.ok(confirmed >= statuses.filter((status) => status === 'confirmed').length);
});

const rivalConfirms = async ({ status, body }: Answer, customer: string): Promise<void> => {
  if (status !== 201) return assert.is(body['code'], 'sold-out', JSON.stringify(body));
  const confirmed = await tell(api, 'confirm', String(body['id']), { customer });
  if (confirmed.status !== 200) isProblem(confirmed, 409, 'hold-expired');
};

test('confirm and cancel at the same instant: in either order it ends cancelled, and its place is free', async () => {
  const showId = await openShow(api, { stalls: 50 }, { holdSeconds: 600 });
  await allAtOnce(50, async (n) => {
    const customer = `undecided-${n}`;
    const id = await reserved(apiFor(n), { customer, showId, quantity: 1 });
    const [confirmed, cancelled] = await Promise.all([
      tell(apiFor(n), 'confirm', id, { customer }),
      tell(apiFor(n + 1), 'cancel', id, { customer }),
    ]);
    if (confirmed.status !== 200) isProblem(confirmed, 409, 'already-cancelled');
    assert.equal([cancelled.status, cancelled.body['status']], [200, 'cancelled']);
  });
  const { held, confirmed, available } = await getPool(api, showId);
  assert.equal({ held, confirmed, available }, { held: 0, confirmed: 0, available: 50 });
});

test('extensions at the same instant: one is granted', async () => {
  const showId = await openShow(api, { stalls: 1 }, { holdSeconds: 600 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  const answers = await allAtOnce(20, (n) => tell(apiFor(n), 'extend', id, { customer: 'ann' }));
  assert.is(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 200))
    isProblem(answer, 409, 'extension-used');
});

test('two payments at the same instant: the reservation has one of them, and the other is told', async () => {
  const showId = await openShow(api, { stalls: 20 }, { holdSeconds: 600 });
  await allAtOnce(20, async (n) => {
    const customer = `payer-${n}`;
    const id = await reserved(apiFor(n), { customer, showId, quantity: 1 });
    const answers = await allAtOnce(2, (at) =>
      tell(apiFor(at), 'confirm', id, { customer, body: { reference: `pay-${at}` } }),
    );
    const paid = (await getReservation(api, id, customer)).body['reference'];
    answers.forEach((answer, at) => {
      assert.is(answer.status, paid === `pay-${at}` ? 200 : 409);
      if (answer.status === 200) return;
      isProblem(answer, 409, 'confirmed-otherwise');
      assert.is(answer.body['instance'], `/v1/reservations/${id}`);
    });
    const history = await call(`${api}/v1/reservations/${id}/history`, { customer });
    const named = itemsIn(history).flatMap(({ kind, reference }) =>
      kind === 'request' && reference ? [reference] : [],
    );
    assert.equal(named.sort(), ['pay-0', 'pay-1']);
  });
});

test('a double submit over two API processes at the same instant is one reservation', async () => {
  const showId = await openShow(api, { stalls: 1_000 });
  await allAtOnce(40, async (n) => {
    const customer = `twice-${n}`;
    const wish = { customer, showId, quantity: 2, key: `order-${n}`, wait: 30 };
    const answers = await Promise.all(running.apis.map((url) => reserve(url, wish)));
    const ids = answers.map(({ status, body }) => {
      assert.is(status, 201, JSON.stringify(body));
      return body['id'];
    });
    assert.is(new Set(ids).size, 1);
    const list = await call(`${api}/v1/reservations`, { customer });
    assert.equal(
      itemsIn(list).map(({ id }) => id),
      [ids[0]],
    );
  });
  assert.is((await getPool(api, showId)).confirmed, 80);
});

test('pools, reservations, keys and journal agree after all of it', async () => {
  keptPromises(await audit(running.backends.urls));
});
