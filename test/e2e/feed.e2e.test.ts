import type { DecisionEvent } from '../../src/client/client.ts';
import { call, openShow, reserved, tell } from '../support/client.ts';
import { listen, type StreamEvent } from '../support/event-stream.ts';
import { asService, type FeedQuery, readFeed, walkFeed } from '../support/feed.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the feed over HTTP', { timeoutMs: 60_000 });

let running: RunningSystem;
let api: string;

test.before(async () => {
  running = await startRunning();
  api = running.api;
});

test.after(() => running.stop());

const now = async (): Promise<string> => (await readFeed(api, { after: 'now' })).nextCursor;
const walk = (query: FeedQuery): Promise<readonly DecisionEvent[]> => walkFeed(api, query);
const typesOf = (events: readonly DecisionEvent[]): readonly string[] => events.map(({ type }) => type);

/** A reservation that is held, confirmed and half given back, and one that is turned down. */
const newSale = async (): Promise<{ readonly showId: string; readonly id: string }> => {
  const showId = await openShow(api, { stalls: 5 }, { holdSeconds: 600 });
  const id = await reserved(api, { customer: 'ann', showId, quantity: 4 });
  await tell(api, 'confirm', id, { customer: 'ann', body: { reference: 'paid-1' } });
  const lines = [{ poolId: 'stalls', quantity: 3 }];
  await tell(api, 'cancel', id, { customer: 'ann', body: { lines } });
  return { showId, id };
};

test('a sale comes out as it happened: each decision once, with the reservation and the pools as of then', async () => {
  const { showId, id } = await newSale();
  const events = await walk({ showId, limit: '2' });
  assert.equal(typesOf(events), [
    'onsale.show.opened',
    'onsale.reservation.held',
    'onsale.reservation.confirmed',
    'onsale.reservation.reduced',
  ]);
  const [opened, held, confirmed, reduced] = events;
  assert.equal(
    events.map(({ data }) => data.reservation?.status),
    [undefined, 'held', 'confirmed', 'confirmed'],
  );
  assert.ok(events.every(({ data }) => data.complete));
  assert.equal(
    events.map(({ source }) => source),
    events.map(() => `/v1/shows/${showId}`),
  );
  assert.equal(
    events.map(({ subject }) => subject),
    [undefined, id, id, id],
  );
  assert.equal(held?.data.pools, [{ id: 'stalls', held: 4, confirmed: 0, capacity: 5 }]);
  assert.equal(confirmed?.data.pools, [{ id: 'stalls', held: 0, confirmed: 4, capacity: 5 }]);
  assert.equal(reduced?.data.pools, [{ id: 'stalls', held: 0, confirmed: 1, capacity: 5 }]);
  assert.equal(opened?.data.pools, [{ id: 'stalls', held: 0, confirmed: 0, capacity: 5 }]);
  assert.is(new Set(events.map(({ id }) => id)).size, 4);
  assert.ok(events.every(({ specversion, time }) => specversion === '1.0' && Date.parse(String(time)) > 0));
});

test('the same decision has the same id in every answer, however it is read', async () => {
  const { showId } = await newSale();
  const asJson = await walk({ showId });
  const url = `${api}/v1/decisions?showId=${showId}&limit=1000`;
  const headers = { ...asService, accept: 'application/cloudevents-batch+json' };
  const answer = await fetch(url, { headers });
  assert.match(answer.headers.get('content-type') ?? '', 'application/cloudevents-batch+json');
  assert.equal(await answer.json(), asJson);
  const next = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  assert.equal(await (await fetch(new URL(next ?? '', api), { headers })).json(), []);
});

test('a call that waits is answered with the next decision, and with an empty page when none comes', async () => {
  const showId = await openShow(api, { stalls: 5 });
  const after = await now();
  const waiting = readFeed(api, { after, showId }, 30);
  await reserved(api, { customer: 'ann', showId, quantity: 1 });
  const { data, nextCursor } = await waiting;
  assert.equal(typesOf(data), ['onsale.reservation.confirmed']);
  const none = await readFeed(api, { after: nextCursor, showId }, 1);
  assert.equal(none.data, []);
  assert.equal(await walk({ after: none.nextCursor, showId }), []);
});

test('a stream sends what is decided, and whoever comes back with its last id hears what came after it', async () => {
  const showId = await openShow(api, { stalls: 9 });
  const url = `${api}/v1/decisions?showId=${showId}&after=${await now()}`;
  const headers = { ...asService, accept: 'text/event-stream' };
  const first = await listen(url, headers);
  assert.is(first.status, 200);
  const heard = ({ events }: { readonly events: readonly StreamEvent[] }): readonly unknown[] =>
    events.map(({ data }) => data['subject']);
  const one = await reserved(api, { customer: 'ann', showId, quantity: 1 });
  const { id: lastId } = await first.hears('the first', ({ data }) => data['subject'] === one);
  first.close();
  const [two, three] = [
    await reserved(api, { customer: 'bob', showId, quantity: 1 }),
    await reserved(api, { customer: 'cid', showId, quantity: 1 }),
  ];
  const second = await listen(url, { ...headers, 'last-event-id': lastId });
  await second.hears('the third', ({ data }) => data['subject'] === three);
  assert.equal(heard(second), [two, three]);
  assert.ok(second.events.at(-1)?.id);
  second.close();
});

test('types narrow it, with a star for all that begin so', async () => {
  const { showId } = await newSale();
  for (const [types, expected] of [
    ['reservation.held', ['onsale.reservation.held']],
    ['show.*,reservation.reduced', ['onsale.show.opened', 'onsale.reservation.reduced']],
    ['hold.expired', []],
  ] as const)
    assert.equal(typesOf(await walk({ showId, types })), [...expected], types);
});

test('a cursor of nobody, of others, or of a past that was changed is told apart', async () => {
  const { showId } = await newSale();
  const { nextCursor } = await readFeed(api, { showId });
  const ask = (query: string) => call(`${api}/v1/decisions?${query}`, { headers: asService });
  for (const query of ['after=nonsense', 'types=reservation.lost', 'partition=16', 'limit=0', 'limit=1001'])
    isProblem(await ask(query), 400, 'invalid-request');
  const foreign = Buffer.from(nextCursor, 'base64url');
  foreign.writeUInt8(foreign.readUInt8(1) ^ 1, 1);
  isProblem(await ask(`after=${foreign.toString('base64url')}`), 400, 'invalid-request');
  const changed = Buffer.from(nextCursor, 'base64url');
  changed.writeUInt8(changed.readUInt8(13) ^ 1, 13);
  const problem = await ask(`after=${changed.toString('base64url')}&showId=${showId}`);
  isProblem(problem, 410, 'history-changed');
  assert.match(String(problem.body['detail']), `partition ${changed.readUInt16BE(5)}`);
});

test('it is for services and administrators', async () => {
  isProblem(await call(`${api}/v1/decisions`), 401, 'unauthenticated');
  isProblem(await call(`${api}/v1/decisions`, { customer: 'ann' }), 403, 'forbidden');
  assert.is((await call(`${api}/v1/decisions?limit=1`, { admin: true })).status, 200);
});
