import { call, getReservation, getShow, openShow, reserve, reserved, tell } from '../support/client.ts';
import { listen, type StreamEvent, type StreamListener } from '../support/event-stream.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('watching and waiting', { timeoutMs: 60_000 });

let running: RunningSystem;
let api: string;

test.before(async () => {
  running = await startRunning();
  api = running.api;
});

test.after(() => running.stop());

const watch = (id: string, customer: string, lastEventId?: string): Promise<StreamListener> =>
  listen(`${api}/v1/reservations/${id}/updates`, {
    'x-customer-id': customer,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  });

const hasStatus =
  (status: string) =>
  ({ data }: StreamEvent): boolean =>
    data['status'] === status;

test('a reservation is watched from pending over held to confirmed, where the stream ends', async () => {
  const showId = await openShow(api, { stalls: 5 }, { holdSeconds: 600 });
  await running.stopProjector();
  const { body } = await reserve(api, { customer: 'ann', showId, quantity: 1 });
  const id = String(body['id']);
  const stream = await watch(id, 'ann');
  assert.is(stream.status, 200);
  assert.match(stream.headers.get('content-type') ?? '', 'text/event-stream');
  await stream.hears('pending', hasStatus('pending'));
  await running.startProjector();
  const held = await stream.hears('held', hasStatus('held'));
  assert.ok(Date.parse(String(held.data['expiresAt'])) > 0);
  await tell(api, 'confirm', id, { customer: 'ann' });
  await stream.hears('confirmed', hasStatus('confirmed'));
  await stream.ends();
  assert.equal(
    stream.events.map(({ data }) => data['status']),
    ['pending', 'held', 'confirmed'],
  );
  assert.equal(stream.events.at(-1)?.data, (await getReservation(api, id, 'ann')).body);
});

test('whoever comes back with Last-Event-ID hears what is new, and nothing twice', async () => {
  const showId = await openShow(api, { stalls: 5 }, { holdSeconds: 600 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 2 });
  const first = await watch(id, 'ann');
  const held = await first.hears('held', hasStatus('held'));
  first.close();
  const second = await watch(id, 'ann', held.id);
  const lines = [{ poolId: 'stalls', quantity: 1 }];
  await tell(api, 'cancel', id, { customer: 'ann', body: { lines } });
  const reduced = await second.hears('one place less', ({ data }) => String(data['lines']) !== '');
  assert.equal(reduced.data['lines'], lines);
  second.close();
  await tell(api, 'confirm', id, { customer: 'ann' });
  const third = await watch(id, 'ann', reduced.id);
  const confirmed = await third.hears('what was missed', hasStatus('confirmed'));
  await third.ends();
  assert.is(third.events.length, 1);
  assert.is((await watch(id, 'ann', confirmed.id)).status, 204);
});

test('the stream of a hold that nobody confirms ends at expired', async () => {
  const showId = await openShow(api, { stalls: 5 }, { holdSeconds: 1 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  const stream = await watch(id, 'ann');
  await stream.hears('expired', hasStatus('expired'));
  await stream.ends();
});

test('a show is watched by anybody: each event is the show, its id the ETag', async () => {
  const showId = await openShow(api, { stalls: 5 });
  const before = await getShow(api, showId);
  const stream = await listen(`${api}/v1/shows/${showId}/updates`);
  const now = await stream.hears('the show as it is', () => true);
  assert.equal([`"${now.id}"`, now.data], [before.etag, before.body]);
  await reserved(api, { customer: 'ann', showId, quantity: 2 });
  const after = await getShow(api, showId);
  const told = await stream.hears('two places less', ({ id }) => `"${id}"` === after.etag);
  assert.equal(told.data, after.body);
  stream.close();
});

test('what is another customer’s, or is not there, is 404', async () => {
  const showId = await openShow(api, { stalls: 5 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  const updates = `${api}/v1/reservations/${id}/updates`;
  isProblem(await call(updates, { customer: 'bob' }), 404, 'not-found');
  isProblem(await call(updates), 401, 'unauthenticated');
  const unknown = showId.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  isProblem(await call(`${api}/v1/shows/${unknown}/updates`), 404, 'not-found');
});

test('300 long-polls and 300 streams that wait at once are all told when it is decided', async () => {
  const waiting = 300;
  const showId = await openShow(api, { stalls: waiting });
  await running.stopProjector();
  const asked = await Promise.all(
    Array.from({ length: waiting }, async (_, n) => {
      const customer = `patient-${n}`;
      const { status, body } = await reserve(api, { customer, showId, quantity: 1 });
      assert.is(status, 202);
      return { customer, id: String(body['id']) };
    }),
  );
  const streams = await Promise.all(asked.map(({ id, customer }) => watch(id, customer)));
  const polls = asked.map(({ id, customer }) => getReservation(api, id, customer, 30));
  await running.startProjector();
  for (const { status, body } of await Promise.all(polls))
    assert.equal([status, body['status']], [200, 'confirmed']);
  await Promise.all(streams.map((stream) => stream.hears('confirmed', hasStatus('confirmed'))));
  await Promise.all(streams.map((stream) => stream.ends()));
});
