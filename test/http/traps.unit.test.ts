import { assert, suite } from '../support/suite.ts';
import {
  asAdmin,
  asAlice,
  documentation,
  emptyReader,
  type Logged,
  loggerInto,
  serverOf,
  showId,
} from './fakes.ts';

const test = suite('http: what fastify would do by itself');
const app = serverOf({ documentation });
test.after(async () => {
  await app.close();
});

const json = { ...asAlice, 'content-type': 'application/json' } as const;
const good = { showId, lines: [{ poolId: 'standing', quantity: 3 }] };

interface Sent {
  readonly payload?: string | Buffer | object;
  readonly headers?: Record<string, string>;
}

const post = ({ payload, headers = json }: Sent) =>
  app.inject({ method: 'POST', url: '/v1/reservations', headers, ...(payload !== undefined && { payload }) });

const pointersOf = async (payload: object): Promise<readonly string[]> => {
  const response = await post({ payload });
  assert.is(response.statusCode, 400);
  assert.is(response.json().code, 'invalid-request');
  assert.ok(response.json().errors.every((one: { detail: string }) => one.detail.length > 5));
  return response.json().errors.map((one: { pointer: string }) => one.pointer);
};

const refusals: readonly (readonly [what: string, sent: Sent, status: number, code: string])[] = [
  ['JSON that breaks off', { payload: '{"showId":' }, 400, 'malformed-json'],
  ['a body that is not UTF-8', { payload: Buffer.from('{"a":"\xff"}', 'latin1') }, 400, 'malformed-json'],
  ['no body', {}, 400, 'invalid-request'],
  ['an empty body', { payload: '' }, 400, 'invalid-request'],
  ['a body of null', { payload: 'null' }, 400, 'invalid-request'],
  ['a body that is a list', { payload: '[]' }, 400, 'invalid-request'],
  [
    'text/plain',
    { payload: '{}', headers: { ...asAlice, 'content-type': 'text/plain' } },
    415,
    'unsupported-media-type',
  ],
  [
    'a form',
    { payload: 'a=1', headers: { ...asAlice, 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'unsupported-media-type',
  ],
  [
    'a media type that is none',
    { payload: '{}', headers: { ...asAlice, 'content-type': 'json' } },
    415,
    'unsupported-media-type',
  ],
  [
    'a compressed body',
    { payload: '{}', headers: { ...json, 'content-encoding': 'gzip' } },
    415,
    'unsupported-media-type',
  ],
  ['a body over 16 KiB', { payload: { ...good, reference: 'x'.repeat(16_384) } }, 413, 'payload-too-large'],
  ['nobody asking', { payload: good, headers: {} }, 401, 'unauthenticated'],
  [
    'nobody asking, with a broken body',
    { payload: '{', headers: { 'content-type': 'application/json' } },
    401,
    'unauthenticated',
  ],
  [
    'a customer id over 128 bytes',
    { payload: good, headers: { 'x-customer-id': 'x'.repeat(129) } },
    400,
    'invalid-request',
  ],
];

for (const [what, sent, status, code] of refusals) {
  test(`${what} is ${status} ${code}, as a problem`, async () => {
    const { statusCode, headers, json: body } = await post(sent);
    assert.is(statusCode, status);
    assert.is(headers['content-type'], 'application/problem+json');
    assert.equal(
      [body().status, body().code, body().type, typeof body().title, typeof body().detail],
      [status, code, `/problems/${code}`, 'string', 'string'],
    );
  });
}

test('what is good is accepted, with a charset too', async () => {
  assert.is((await post({ payload: good })).statusCode, 202);
  const headers = { ...asAlice, 'content-type': 'application/json; charset=utf-8' };
  assert.is((await post({ payload: JSON.stringify(good), headers })).statusCode, 202);
});

test('unknown properties are refused, not stripped, and a number in quotes is not a number', async () => {
  assert.equal(await pointersOf({ ...good, holdSeconds: 5 }), ['#/holdSeconds']);
  assert.equal(await pointersOf({ ...good, lines: [{ poolId: 'standing', quantity: '3' }] }), [
    '#/lines/0/quantity',
  ]);
  assert.equal(await pointersOf({ ...good, lines: [{ poolId: 'standing', quantity: 3, x: 1 }] }), [
    '#/lines/0/x',
  ]);
  assert.equal(await pointersOf({ ...good, 'a/b~c': 1 }), ['#/a~1b~0c']);
  assert.equal(await pointersOf(JSON.parse('{"__proto__":{"showId":"x"},"lines":[]}')), [
    '#/showId',
    '#/__proto__',
    '#/lines',
  ]);
});

test('every bound of the contract holds', async () => {
  const lines = (count: number) => Array.from({ length: count }, () => ({ poolId: 'standing', quantity: 1 }));
  const line = (poolId: unknown, quantity: unknown) => ({ ...good, lines: [{ poolId, quantity }] });
  assert.equal(await pointersOf({}), ['#/showId', '#/lines']);
  assert.equal(await pointersOf({ ...good, lines: lines(0) }), ['#/lines']);
  assert.equal(await pointersOf({ ...good, lines: lines(21) }), ['#/lines']);
  for (const quantity of [0, 1001, 1.5, -1, null, 1e30])
    assert.equal(await pointersOf(line('standing', quantity)), ['#/lines/0/quantity']);
  for (const poolId of ['', 'a b', 'é', 'x'.repeat(65), 5])
    assert.equal(await pointersOf(line(poolId, 1)), ['#/lines/0/poolId']);
  assert.equal(await pointersOf({ ...good, showId: 'nonsense' }), ['#/showId']);
  assert.equal(await pointersOf({ ...good, reference: 'x'.repeat(129) }), ['#/reference']);
  assert.equal(await pointersOf({ ...good, reference: 'a\ud800' }), ['#/reference']);
  assert.is(
    (await post({ payload: { ...good, lines: lines(20), reference: '🎟'.repeat(128) } })).statusCode,
    202,
  );
  assert.is((await post({ payload: line('x'.repeat(64), 1000) })).json().code, 'unknown-pool');
});

test('of a thousand mistakes the first few are told', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`p${n}`, 1]));
  assert.is((await pointersOf({ ...good, ...unknown })).length, 8);
  const told = await pointersOf({ ...good, lines: Array.from({ length: 1000 }, () => ({})) });
  assert.ok(told.length >= 8 && told.length <= 20);
});

test('a method that an address does not take is 405 with Allow, whatever the body', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
    const response = await app.inject({ method, url: '/v1/reservations?a=b', headers: json, payload: '{' });
    assert.is(response.statusCode, 405);
    assert.is(response.json().code, 'method-not-allowed');
    assert.is(response.headers.allow, 'GET, HEAD, POST');
  }
  const { headers } = await app.inject({ method: 'POST', url: '/v1/shows/x/', headers: asAdmin });
  assert.is(headers.allow, undefined, 'a slash more is another address');
  assert.is((await app.inject({ method: 'POST', url: '/v1/shows/x' })).headers.allow, 'GET, HEAD, PATCH');
});

test('an address that looks like a reservation has its own methods, and asks nobody who is there', async () => {
  for (const url of ['/v1/reservations/batch', '/v1/reservations/batch?a=b']) {
    const response = await app.inject({ method: 'GET', url });
    assert.is(response.statusCode, 405);
    assert.is(response.headers.allow, 'POST');
  }
  const reservation = await app.inject({ method: 'GET', url: '/v1/reservations/batches' });
  assert.is(reservation.statusCode, 401);
});

test('an address that is not there is 404, whatever the method and the body', async () => {
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    const response = await app.inject({
      method,
      url: '/v2/shows',
      headers: json,
      ...(method !== 'GET' && { payload: '{' }),
    });
    assert.equal([response.statusCode, response.json().code], [404, 'not-found']);
  }
  assert.is((await app.inject('/docs/static/nothing.js')).json().code, 'not-found');
  assert.is((await app.inject(`/v1/shows/${'x'.repeat(500)}`)).json().code, 'not-found');
});

test('a broken percent-encoding is 400', async () => {
  for (const url of ['/%zz', '/v1/shows/%zz', '/v1/shows/%ff']) {
    const response = await app.inject(url);
    assert.equal([response.statusCode, response.json().code], [400, 'invalid-request'], url);
    assert.is(response.headers['content-type'], 'application/problem+json');
  }
});

test('an unexpected error is 500 internal-error, is logged, and tells the client nothing of itself', async () => {
  const lines: Logged[] = [];
  const view = async () => {
    throw new Error('a secret');
  };
  const broken = serverOf({ logger: loggerInto(lines), command: { boards: { view } } });
  const response = await broken.inject({
    method: 'POST',
    url: '/v1/reservations',
    headers: asAlice,
    payload: good,
  });
  assert.equal([response.statusCode, response.json().code], [500, 'internal-error']);
  assert.not(response.body.includes('secret'));
  assert.equal(
    lines.map(({ level }) => level),
    ['error'],
  );
  await broken.close();
});

test('a server behind that cannot be asked is 503 with Retry-After, and an outage fills no log', async () => {
  const lines: Logged[] = [];
  const show = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  const cutOff = serverOf({ logger: loggerInto(lines), query: { reader: { ...emptyReader, show } } });
  for (let n = 0; n < 20; n += 1) {
    const response = await cutOff.inject(`/v1/shows/${showId}`);
    assert.equal([response.statusCode, response.json().code], [503, 'overloaded']);
    assert.is(response.headers['retry-after'], '1');
  }
  assert.equal(
    lines.map(({ level }) => level),
    ['warn'],
  );
  await cutOff.close();
});
