import type { AddressInfo } from 'node:net';
import { customerIdOf, requireCustomer } from '../../../src/http/identity/identity.ts';
import { localIdentity } from '../../../src/http/identity/local-identity.ts';
import { assert, suite } from '../../support/suite.ts';
import { serverOf } from '../fakes.ts';
import { rawRequest } from '../raw-request.ts';

const test = suite('http: on the wire');

const app = serverOf({
  routes: [
    async (routes) => {
      const onRequest = requireCustomer(localIdentity);
      routes.get('/me', { onRequest }, async (request) => ({ me: customerIdOf(request) }));
      routes.post('/absent', async (request) => ({ absent: request.body === undefined }));
    },
  ],
});
let port = 0;

test.before(async () => {
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});
test.after(async () => {
  await app.close();
});

const request = (line: string, ...headers: string[]): string =>
  `${[line, 'Host: x', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;

const refusals: readonly (readonly [what: string, bytes: string, status: number, code: string])[] = [
  ['headers over 16 KiB', request('GET /me HTTP/1.1', `X: ${'x'.repeat(17_000)}`), 431, 'headers-too-large'],
  ['an address over 16 KiB', request(`GET /${'x'.repeat(17_000)} HTTP/1.1`), 431, 'headers-too-large'],
  ['what is not HTTP', 'HELO onsale\r\n\r\n', 400, 'invalid-request'],
  [
    'a length that is no number',
    request('POST /absent HTTP/1.1', 'Content-Length: x'),
    400,
    'invalid-request',
  ],
  [
    'a chunk that is none',
    `${request('POST /absent HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}zz\r\n`,
    400,
    'invalid-request',
  ],
  ['a broken percent-encoding', request('GET /%zz HTTP/1.1'), 400, 'invalid-request'],
  ['a method nobody knows', request('PROPFIND /me HTTP/1.1'), 405, 'method-not-allowed'],
  [
    'a length over 16 KiB',
    request('POST /absent HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 16385'),
    413,
    'payload-too-large',
  ],
];

for (const [what, bytes, status, code] of refusals) {
  test(`${what}: ${status} ${code}, as a problem`, async () => {
    const answer = await rawRequest(port, bytes);
    assert.is(answer.status, status);
    assert.is(answer.headers['content-type'], 'application/problem+json');
    const problem = JSON.parse(answer.body);
    assert.equal([problem.code, problem.status, problem.type], [code, status, `/problems/${code}`]);
  });
}

test('a customer id in UTF-8 arrives as what it is', async () => {
  const answer = await rawRequest(
    port,
    Buffer.from(request('GET /me HTTP/1.1', 'X-Customer-Id: 서울'), 'utf8'),
  );
  assert.equal(JSON.parse(answer.body), { me: '서울' });
});

test('a customer id that is not UTF-8 is refused', async () => {
  const answer = await rawRequest(
    port,
    Buffer.from(request('GET /me HTTP/1.1', 'X-Customer-Id: Zo\xeb'), 'latin1'),
  );
  assert.is(answer.status, 400);
});

test('an empty JSON body is an absent one', async () => {
  const line = 'POST /absent HTTP/1.1';
  const type = 'Content-Type: application/json';
  for (const headers of [[], [type], [type, 'Content-Length: 0']]) {
    const answer = await rawRequest(port, request(line, ...headers));
    assert.equal([answer.status, answer.body], [200, '{"absent":true}']);
  }
});

test('requests have time limits, so that nobody can hold a connection by sending slowly', () => {
  assert.is(app.server.requestTimeout, 15_000);
  assert.is(app.server.headersTimeout, 10_000);
  assert.ok(app.server.keepAliveTimeout > 60_000);
});
