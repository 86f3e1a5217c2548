import {
  type Answer,
  allPages,
  call,
  getReservation,
  itemsIn,
  openShow,
  reserve,
  reserved,
  tell,
  untilStatus,
} from '../support/client.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('lists and history', { timeoutMs: 60_000 });

let running: RunningSystem;
let api: string;

test.before(async () => {
  running = await startRunning();
  api = running.api;
});

test.after(() => running.stop());

const list = (query: string, customer: string): Promise<Answer> =>
  call(`${api}/v1/reservations${query}`, { customer });

const idsIn = (answer: Answer): readonly unknown[] => itemsIn(answer).map(({ id }) => id);

test('one’s own, newest first, by show, status and reference', async () => {
  const holding = await openShow(api, { stalls: 9 }, { holdSeconds: 600 });
  const plain = await openShow(api, { stalls: 9 });
  const held = await reserved(api, { customer: 'ann', showId: holding, quantity: 1, reference: 'order-1' });
  const taken = await reserved(api, { customer: 'ann', showId: plain, quantity: 1, reference: 'order-2' });
  const given = await reserved(api, { customer: 'ann', showId: plain, quantity: 1 });
  await tell(api, 'cancel', given, { customer: 'ann' });
  await reserved(api, { customer: 'bob', showId: plain, quantity: 1, reference: 'order-2' });
  const rows = [
    ['', [given, taken, held]],
    [`?showId=${plain}`, [given, taken]],
    ['?status=held', [held]],
    ['?status=cancelled', [given]],
    ['?reference=order-2', [taken]],
    [`?showId=${plain}&status=confirmed&reference=order-2`, [taken]],
    [`?showId=${holding}&status=confirmed`, []],
  ] as const;
  for (const [query, expected] of rows) assert.equal(idsIn(await list(query, 'ann')), [...expected], query);
  for (const query of ['?status=lost', '?limit=0', '?limit=101', '?colour=red'])
    isProblem(await list(query, 'ann'), 400, 'invalid-request');
});

test('each item is what GET shows, and says nothing of whose it is', async () => {
  const showId = await openShow(api, { stalls: 9 });
  const id = await reserved(api, { customer: 'cara', showId, quantity: 2, reference: 'mine' });
  const [item] = itemsIn(await list('', 'cara'));
  assert.equal(item, (await getReservation(api, id, 'cara')).body);
  assert.is(item?.['customerId'], undefined);
});

test('pages meet without gap or overlap, with filters, while more is made', async () => {
  const showId = await openShow(api, { stalls: 100 });
  const other = await openShow(api, { stalls: 100 });
  const ids: string[] = [];
  for (let n = 0; n < 7; n++) {
    ids.push(await reserved(api, { customer: 'lea', showId, quantity: 1 }));
    await reserved(api, { customer: 'lea', showId: other, quantity: 1 });
  }
  const pages = await allPages(async (cursor) => {
    const page = await list(`?showId=${showId}&limit=3${cursor}`, 'lea');
    await reserved(api, { customer: 'lea', showId, quantity: 1 });
    return page;
  });
  assert.equal(
    pages.map((page) => page.length),
    [3, 3, 1],
  );
  assert.equal(
    pages.flat().map(({ id }) => id),
    ids.toReversed(),
  );
});

test('an administrator lists a show: everybody’s, with whose it is, by status, page by page', async () => {
  const showId = await openShow(api, { stalls: 5 });
  const ids: string[] = [];
  for (const customer of ['ann', 'bob', 'cara', 'dan', 'eve'])
    ids.push(await reserved(api, { customer, showId, quantity: 1 }));
  await reserve(api, { customer: 'fay', showId, quantity: 1, wait: 30 });
  await tell(api, 'cancel', ids[1] ?? '', { customer: 'bob' });
  const asAdmin = (query: string): Promise<Answer> =>
    call(`${api}/v1/reservations?showId=${showId}${query}`, { admin: true });
  const confirmed = ids.toReversed().filter((id) => id !== ids[1]);
  const pages = await allPages((cursor) => asAdmin(`&status=confirmed&limit=2${cursor}`));
  assert.equal(
    pages.flat().map(({ id }) => id),
    confirmed,
  );
  const [cancelled] = itemsIn(await asAdmin('&status=cancelled'));
  assert.equal([cancelled?.['id'], cancelled?.['customerId']], [ids[1], 'bob']);
  isProblem(await call(`${api}/v1/reservations`, { admin: true }), 400, 'invalid-request');
});

const streamIdOf = (item: Record<string, unknown>): string => String(item['streamId']);

const inStreamOrder = (one: string, other: string): boolean => {
  const [oneMs = 0, oneSeq = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSeq = 0] = other.split('-').map(Number);
  return oneMs < otherMs || (oneMs === otherMs && oneSeq < otherSeq);
};

const historyOf = async (id: string, customer: string): Promise<readonly Record<string, unknown>[]> => {
  const answer = await call(`${api}/v1/reservations/${id}/history`, { customer });
  assert.is(answer.status, 200, JSON.stringify(answer.body));
  return itemsIn(answer);
};

test('the history has every request and decision, with its place in the stream, its time and its reason', async () => {
  const showId = await openShow(api, { stalls: 9 }, { holdSeconds: 600 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 3 });
  const by = { customer: 'ann' };
  const lines = [{ poolId: 'stalls', quantity: 1 }];
  await tell(api, 'extend', id, by);
  await tell(api, 'extend', id, by);
  await tell(api, 'cancel', id, { ...by, body: { lines } });
  await tell(api, 'confirm', id, by);
  await tell(api, 'cancel', id, by);
  const history = await historyOf(id, 'ann');
  assert.equal(
    history.map(({ kind, event }) => `${kind} ${event}`),
    [
      ...['request ReservationRequested', 'decision ReservationHeld'],
      ...['request ExtensionRequested', 'decision HoldExtended'],
      ...['request ExtensionRequested', 'decision RequestRefused'],
      ...['request CancellationRequested', 'decision ReservationReduced'],
      ...['request ConfirmationRequested', 'decision ReservationConfirmed'],
      ...['request CancellationRequested', 'decision ReservationCancelled'],
    ],
  );
  const requests = history.filter(({ kind }) => kind === 'request');
  const decisions = history.filter(({ kind }) => kind === 'decision');
  assert.equal(decisions.map(streamIdOf), requests.map(streamIdOf), 'each decision names its request');
  for (const [n, request] of requests.slice(1).entries())
    assert.ok(inStreamOrder(streamIdOf(requests[n] ?? {}), streamIdOf(request)));
  for (const { at, streamId } of requests)
    assert.is(
      Date.parse(String(at)),
      Number(String(streamId).split('-')[0]),
      'it arrived when the stream says',
    );
  const positions = decisions.map(({ position }) => Number(position));
  assert.equal(
    positions,
    positions.toSorted((a, b) => a - b),
  );
  assert.is(decisions[2]?.['reason'], 'extension-used');
  assert.equal(decisions[3]?.['released'], lines);
});

test('a lapse stands in the history without a request, because nobody asked for it', async () => {
  const showId = await openShow(api, { stalls: 1 }, { holdSeconds: 1 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  await untilStatus(api, id, { customer: 'ann', status: 'expired' });
  const last = (await historyOf(id, 'ann')).at(-1);
  assert.equal([last?.['kind'], last?.['event'], last?.['streamId']], ['decision', 'HoldExpired', undefined]);
});

test('a rejection keeps its reason in history', async () => {
  const showId = await openShow(api, { stalls: 1 });
  const refused = await reserve(api, { customer: 'ann', showId, quantity: 2, wait: 30 });
  const id = String(refused.body['instance']).split('/').at(-1) ?? '';
  const [, decision] = await historyOf(id, 'ann');
  assert.equal(
    [decision?.['event'], decision?.['reason'], decision?.['poolId']],
    ['ReservationRejected', 'sold-out', 'stalls'],
  );
});
