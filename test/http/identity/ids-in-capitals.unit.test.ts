import { localIdentity } from '../../../src/http/identity/local-identity.ts';
import { newReservationIds } from '../../../src/http/identity/reservation-ids.ts';
import { findTrace } from '../../../src/telemetry/traces/waterfall.ts';
import { assert, suite } from '../../support/suite.ts';
import { newDecidingWorld } from '../deciding-world.ts';
import { documentation, nowMs, serverOf } from '../fakes.ts';
import { operationsOf, parseOpenApi } from '../parse-openapi.ts';

const test = suite('http: ids in capitals');

interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** `{S}` and `{R}` stand for the ids of the show and of the reservation. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const alice = { 'x-customer-id': 'alice' };
const admin = { 'x-admin': 'true' };
const service = { 'x-service': 'true' };
const lines = [{ poolId: 'stalls', quantity: 2 }];
const body = { showId: '{S}', lines };

/** Every route with an id in its path, once for each kind of answer. */
const calls: readonly Call[] = [
  { path: '/v1/shows/{S}' },
  { path: '/v1/shows/{S}/updates' },
  { path: '/v1/reservations/{R}', headers: alice },
  { path: '/v1/reservations/{R}', headers: admin },
  { path: '/v1/reservations/{R}', headers: { 'x-customer-id': 'bob' } },
  { path: '/v1/reservations/{R}', headers: { ...service, 'x-customer-id': 'bob' } },
  { path: '/v1/reservations/{R}/history', headers: alice },
  { path: '/v1/reservations/{R}/updates', headers: alice },
  { path: '/v1/reservations?showId={S}', headers: alice },
  { path: '/v1/reservations?showId={S}&status=held&limit=1', headers: service },
  { method: 'POST', path: '/v1/reservations', headers: { ...alice, prefer: 'wait=1' }, body },
  { method: 'POST', path: '/v1/reservations', headers: { ...alice, 'idempotency-key': 'k' }, body },
  {
    method: 'POST',
    path: '/v1/reservations',
    headers: alice,
    body: { ...body, lines: [{ poolId: 'no', quantity: 1 }] },
  },
  { method: 'POST', path: '/v1/reservations/{R}/extend', headers: alice },
  {
    method: 'POST',
    path: '/v1/reservations/{R}/cancel',
    headers: { ...alice, 'idempotency-key': 'c' },
    body: { lines: [{ poolId: 'stalls', quantity: 1 }] },
  },
  {
    method: 'POST',
    path: '/v1/reservations/{R}/confirm',
    headers: { ...service, 'idempotency-key': 'f' },
    body: {},
  },
  { method: 'POST', path: '/v1/reservations/{R}/cancel', headers: alice },
  { method: 'PATCH', path: '/v1/shows/{S}', headers: admin, body: { name: 'x' } },
  { method: 'PATCH', path: '/v1/shows/{S}', headers: { ...admin, 'if-match': '"9.0"' }, body: { name: 'x' } },
  { method: 'PATCH', path: '/v1/shows/{S}', headers: { ...admin, 'if-match': '*' }, body: { closed: true } },
];

const open = async () => {
  const world = newDecidingWorld('calm');
  let made = 0;
  const random = (): number => {
    made += 1;
    return (made * 0.618_033_988_749_894_9) % 1;
  };
  const stopping = new AbortController();
  const common = {
    identity: localIdentity,
    stopping: stopping.signal,
    reservationIds: newReservationIds({ keys: ['a key of the tests'], nowMs: () => nowMs, random }),
  };
  const app = serverOf({
    command: { ...common, ...world.command, random },
    query: { ...common, ...world.query },
  });
  const send = async ({ method = 'GET', path, headers = {}, body: payload }: Call) => {
    const response = await app.inject({
      method,
      url: path,
      headers,
      payloadAsStream: true,
      ...(payload && { payload }),
    });
    const isStream = String(response.headers['content-type']).startsWith('text/event-stream');
    let text = '';
    if (isStream) response.raw.res.destroy();
    else for await (const chunk of response.stream()) text += chunk;
    const { location, etag, 'idempotent-replayed': replayed } = response.headers;
    return { status: response.statusCode, location, etag, replayed, text };
  };
  const pools = [{ id: 'stalls', name: 'Stalls', capacity: 50 }];
  const idIn = (text: string): string =>
    /"id":"([0-9a-f-]{36})"/.exec(text)?.[1] ?? assert.unreachable(text) ?? '';
  const show = idIn(
    (
      await send({
        method: 'POST',
        path: '/v1/shows',
        headers: admin,
        body: { name: 'a', pools, holdSeconds: 60 },
      })
    ).text,
  );
  const held = await send({
    method: 'POST',
    path: '/v1/reservations',
    headers: { ...alice, prefer: 'wait=1' },
    body: { ...body, showId: show },
  });
  const filled = (text: string, as: (id: string) => string): string =>
    text.replaceAll('{S}', as(show)).replaceAll('{R}', as(idIn(held.text)));
  return {
    world,
    ask: (call: Call, as: (id: string) => string) => send(JSON.parse(filled(JSON.stringify(call), as))),
    close: async () => {
      stopping.abort();
      await app.close();
    },
  };
};

test('on every route an id in capitals is the id, and answered in small letters', async () => {
  const [small, large] = [await open(), await open()];
  for (const call of calls) {
    const expected = await small.ask(call, (id) => id);
    const found = await large.ask(call, (id) => id.toUpperCase());
    assert.equal(found, expected, `${call.method ?? 'GET'} ${call.path}`);
  }
  assert.equal(large.world.parked, []);
  assert.is(large.world.decided(), small.world.decided());
  await Promise.all([small.close(), large.close()]);
});

test('a key knows its command again, in whichever case the id comes', async () => {
  const { ask, close } = await open();
  const keyed = { ...alice, 'idempotency-key': 'again' };
  for (const call of [
    { method: 'POST', path: '/v1/reservations', headers: keyed, body },
    { method: 'POST', path: '/v1/reservations/{R}/extend', headers: { ...alice, 'idempotency-key': 'more' } },
  ] as const) {
    const first = await ask(call, (id) => id);
    const second = await ask(call, (id) => id.toUpperCase());
    assert.ok(first.status < 300 && second.status < 300, call.path);
    assert.is(second.replayed, 'true', call.path);
  }
  await close();
});

test('no route with an id was forgotten', async () => {
  const app = serverOf({ documentation });
  const api = parseOpenApi((await app.inject('/openapi.json')).body);
  await app.close();
  const tried = new Set(
    calls.map(
      ({ method = 'GET', path }) =>
        `${method.toLowerCase()} ${path.replace(/\?.*/, '').replace(/\{.\}/, '{id}')}`,
    ),
  );
  const withIds = operationsOf(api)
    .map(({ name }) => name)
    .filter((name) => name.includes('{'));
  assert.equal(
    withIds.filter((name) => !tried.has(name)),
    [],
  );
});

test('a trace is found by an id in capitals', () => {
  const span = {
    traceId: 'ab'.repeat(16),
    spanId: 'cd'.repeat(8),
    name: 'x',
    kind: 'server',
    startMs: 1,
    endMs: 2,
    attributes: { 'onsale.request.id': '01941f29-7000-8003-8123-456789abcdef' },
    links: [],
    process: 'command',
  } as const;
  for (const id of [span.traceId, span.attributes['onsale.request.id']])
    assert.is(findTrace([span], id.toUpperCase()), span.traceId);
});
