import { type Backends, startBackends } from '../support/backends.ts';
import { call, getReservation, openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { isProblem } from '../support/problem.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('waiting for decisions, and reading them', { timeoutMs: 30_000 });

let backends: Backends;
let api: Onsale;
let projector: Onsale;
let showId: string;

test.before(async () => {
  backends = await startBackends();
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls });
  projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  showId = await openShow(api.url, { stalls: 100 });
});

test.after(async () => {
  await Promise.all([api, projector].map((process) => process?.stop()));
  await backends.remove();
});

const reserved = async (customer: string, quantity = 1): Promise<string> => {
  const { status, body } = await reserve(api.url, { customer, showId, quantity, wait: 30 });
  assert.is(status, 201, JSON.stringify(body));
  return String(body['id']);
};

test('Prefer: wait answers 201 with the confirmed reservation, where it is and what was preferred', async () => {
  const answer = await reserve(api.url, { customer: 'ann', showId, quantity: 2, wait: 30 });
  assert.is(answer.status, 201);
  assert.is(answer.headers.get('preference-applied'), 'wait=30');
  assert.is(answer.headers.get('location'), `/v1/reservations/${answer.body['id']}`);
  assert.is(answer.body['status'], 'confirmed');
  const later = await getReservation(api.url, String(answer.body['id']), 'ann');
  assert.equal(later.body, answer.body);
});

test('Prefer: wait answers 409 with the rejected reservation as instance', async () => {
  const answer = await reserve(api.url, { customer: 'ann', showId, quantity: 101, wait: 30 });
  isProblem(answer, 409, 'sold-out');
  assert.is(answer.headers.get('preference-applied'), 'wait=30');
  const { body } = await call(`${api.url}${answer.body['instance']}`, { customer: 'ann' });
  assert.is(body['status'], 'rejected');
});

test('nobody sees what is another customer’s: GET, history and list say there is nothing', async () => {
  const id = await reserved('ann');
  for (const path of [id, `${id}/history`])
    isProblem(await call(`${api.url}/v1/reservations/${path}`, { customer: 'bob' }), 404, 'not-found');
  const { body } = await call(`${api.url}/v1/reservations`, { customer: 'bob' });
  assert.equal(body, { data: [], nextCursor: null });
});

test('the list is newest first, page by page, and no cursor leads into another’s', async () => {
  const ids = [await reserved('lea'), await reserved('lea'), await reserved('lea')];
  const page = async (cursor: string): Promise<{ ids: unknown[]; next: unknown }> => {
    const { body } = await call(`${api.url}/v1/reservations?limit=2${cursor}`, { customer: 'lea' });
    const data = Array.isArray(body['data']) ? body['data'] : [];
    return { ids: data.map((item: Record<string, unknown>) => item['id']), next: body['nextCursor'] };
  };
  const first = await page('');
  const second = await page(`&cursor=${first.next}`);
  assert.equal([...first.ids, ...second.ids], ids.toReversed());
  assert.is(second.next, null);
  const stolen = await call(`${api.url}/v1/reservations?cursor=${first.next}`, { customer: 'bob' });
  isProblem(stolen, 400, 'invalid-request');
});

test('the history tells what was asked and what was decided, with its place in the stream', async () => {
  const { body } = await call(`${api.url}/v1/reservations/${await reserved('ann')}/history`, {
    customer: 'ann',
  });
  const [request, decision] = Array.isArray(body['data']) ? body['data'] : [];
  assert.is(request?.event, 'ReservationRequested');
  assert.is(decision?.event, 'ReservationConfirmed');
  assert.match(request?.streamId, /^\d+-\d+$/);
  assert.is(decision?.streamId, request?.streamId);
});

test('the contract is served as OpenAPI 3.1 and as a page', async () => {
  const contract = await call(`${api.url}/openapi.json`);
  assert.is(contract.status, 200);
  assert.match(String(contract.body['openapi']), /^3\.1\./);
  assert.ok(Object.keys(Object(contract.body['paths'])).includes('/v1/reservations/{id}'));
  assert.is((await call(`${api.url}/docs`)).status, 200);
});

test('what nobody decides in time is 202 with what was preferred; a long-poll hears of it when it is decided', async () => {
  await projector.stop();
  const pending = await reserve(api.url, { customer: 'ann', showId, quantity: 1, wait: 1 });
  assert.is(pending.status, 202);
  assert.is(pending.headers.get('preference-applied'), 'wait=1');
  assert.ok(Number(pending.headers.get('retry-after')) >= 1);
  const id = String(pending.body['id']);
  const now = await getReservation(api.url, id, 'ann');
  assert.equal([now.status, now.body['status']], [200, 'pending']);
  assert.ok(Number(now.headers.get('retry-after')) >= 1);
  isProblem(await getReservation(api.url, id, 'bob'), 404, 'not-found');
  const polled = getReservation(api.url, id, 'ann', 20);
  projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  const heard = await polled;
  assert.equal([heard.status, heard.body['status']], [200, 'confirmed']);
});
