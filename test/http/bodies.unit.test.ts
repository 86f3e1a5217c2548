import { request } from 'node:http';
import { assert, suite } from '../support/suite.ts';
import { alice, asAdmin, asAlice, reservationIds, serverOf, showId } from './fakes.ts';

const test = suite('http: bodies');
const app = serverOf();
let base: URL;
test.before(async () => {
  base = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
});
test.after(async () => {
  await app.close();
});

type Headers = Readonly<Record<string, string>>;
const json = 'application/json';
const good = `{"showId":"${showId}","lines":[{"poolId":"standing","quantity":3}]}`;

const post = async (payload: string | Buffer, headers: Headers = {}, url = '/v1/reservations') => {
  const all = { 'content-type': json, ...asAlice, ...headers };
  const response = await app.inject({ method: 'POST', url, headers: all, payload });
  const { code, errors = [] }: { code?: string; errors?: { pointer: string }[] } = response.json();
  return {
    status: response.statusCode,
    code,
    pointers: errors.map(({ pointer }) => pointer),
    headers: response.headers,
  };
};

test('a byte order mark is skipped: one, and at the beginning', async () => {
  const mark = '\ufeff';
  assert.is((await post(mark + good)).status, 202);
  assert.is((await post(mark + mark + good)).code, 'malformed-json');
  assert.is((await post(good + mark)).code, 'malformed-json');
  assert.equal((await post(mark)).pointers, ['#'], 'nothing behind it is no body');
  assert.is((await post(Buffer.from(mark + good, 'utf16le'))).code, 'malformed-json');
});

test('a member that is there twice is 400 and named, at any depth and however it is written', async () => {
  const line = '"poolId":"standing","quantity":3';
  for (const [body, pointer] of [
    [`{"showId":"${showId}","lines":[{${line},"quantity":5}]}`, '#/lines/0/quantity'],
    [`{"showId":"${showId}","lines":[{${line}},{${line},"\\u0071uantity":3}]}`, '#/lines/1/quantity'],
    [`{"showId":"none","showId":"${showId}","lines":[{${line}}]}`, '#/showId'],
    [`{"a/b~c":1,"a/b~c" : 1}`, '#/a~1b~0c'],
    ['{"__proto__":1,"__proto__":2}', '#/__proto__'],
    ['{"constructor":{"prototype":1,"prototype":1}}', '#/constructor/prototype'],
    ['[{"a":1},{"a":1,"a":1}]', '#/1/a'],
  ] as const) {
    const { status, code, pointers } = await post(body);
    assert.equal([status, code, pointers], [400, 'invalid-request', [pointer]], body);
  }
  const twice = `{"name":"A","pools":[{"id":"a","name":"A","capacity":1,"capacity":2}]}`;
  assert.equal((await post(twice, asAdmin, '/v1/shows')).pointers, ['#/pools/0/capacity']);
  const text = good.replace('{', '{"reference":"\\"quantity\\":1,\\"quantity\\":2",');
  assert.is((await post(text)).status, 202);
});

test('numbers are those of JSON: a whole one may be written with a point, and one too large is none', async () => {
  const withQuantity = (text: string) => post(good.replace(':3}', `:${text}}`));
  for (const text of ['1.0', '1e0', '10E-1', '1000']) assert.is((await withQuantity(text)).status, 202, text);
  for (const text of ['-0', '1e400', '-1e400', '9007199254740993', '1.5', '"1"'])
    assert.equal((await withQuantity(text)).pointers, ['#/lines/0/quantity'], text);
  for (const text of ['01', '+1', '1.', '.5', '0x1', 'NaN', 'Infinity'])
    assert.is((await withQuantity(text)).code, 'malformed-json', text);
});

test('a body as deep as it is long is 400', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const depth = Math.floor(16_000 / (open.length + close.length));
    const body = `${open.repeat(depth)}1${close.repeat(depth)}`;
    assert.is((await post(body)).code, 'invalid-request');
    assert.is((await post(good.replace('"standing"', body.slice(0, 15_000)))).code, 'malformed-json');
    const inside = `${open.repeat(depth - 60)}1${close.repeat(depth - 60)}`;
    assert.equal((await post(good.replace('"standing"', inside))).pointers, ['#/lines/0/poolId']);
  }
});

const reservation = reservationIds.mint(3, alice);
const types = [json, 'application/x-www-form-urlencoded', 'text/plain', 'x', '', undefined];

/** Over a socket, because the test depends on how an empty body is written. */
const sendNothing = (path: string, headers: Headers): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, base),
      { method: 'POST', headers: { ...asAlice, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () =>
          resolve(`${response.statusCode} ${/"detail":"([^"]*)"/.exec(text)?.[1] ?? ''}`),
        );
      },
    );
    sent.on('error', reject);
    for (const name of ['content-length', 'transfer-encoding'])
      if (headers[name] === undefined) sent.removeHeader(name);
    if (headers['transfer-encoding'] !== undefined) sent.flushHeaders();
    sent.end();
  });

test('an empty body is an absent one, whatever is said of its type, its length or its coding', async () => {
  for (const type of types)
    for (const how of [
      {},
      { 'content-length': '0' },
      { 'transfer-encoding': 'chunked' },
      { 'content-length': '0', 'content-encoding': 'gzip' },
    ]) {
      const headers = { ...how, ...(type !== undefined && { 'content-type': type }) };
      const said = JSON.stringify(headers);
      for (const verb of ['confirm', 'extend', 'cancel'])
        assert.is(await sendNothing(`/v1/reservations/${reservation}/${verb}`, headers), '202 ', said);
      assert.is(await sendNothing('/v1/reservations', headers), '400 # a JSON body is required', said);
    }
});

test('identity in any case is no coding; any other is 415 and says what is taken', async () => {
  for (const coding of ['identity', 'Identity', 'IDENTITY', '', 'identity, identity'])
    assert.is((await post(good, { 'content-encoding': coding })).status, 202, coding);
  for (const coding of ['gzip', 'br', 'identity, gzip', 'x']) {
    const { status, code, headers } = await post(good, { 'content-encoding': coding });
    assert.equal([status, code], [415, 'unsupported-media-type'], coding);
    assert.is(headers['accept-encoding'], 'identity');
  }
});

test('JSON is taken by its name in any case, with whatever parameters, in UTF-8', async () => {
  for (const type of [
    'application/json;charset=utf-8',
    'Application/JSON',
    'application/json; charset="UTF-8"',
    'application/json ; Charset = utf8',
    'application/json; charset=US-ASCII',
    'application/json;',
    'application/json; profile="x; y"; charset=utf-8',
  ])
    assert.is((await post(good, { 'content-type': type })).status, 202, type);
});

test('any other type is 415 and says what is taken', async () => {
  for (const type of [
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=latin1',
    'application/merge-patch+json',
    'application/problem+json',
    'text/json',
    'application/jsonp',
    'application/json, application/json',
    'application/json/x',
    'json',
    '',
  ]) {
    const { status, code, headers } = await post(good, { 'content-type': type });
    assert.equal([status, code, headers.accept], [415, 'unsupported-media-type', json], type);
  }
});
