import { assert, suite } from '../support/suite.ts';
import { withServer } from './small-server.ts';

const test = suite('http: pages from elsewhere');

const shop = 'https://shop.example';
const corsOrigins = [shop, 'http://localhost:5173'];
const headers = { origin: shop };
const preflight = { ...headers, 'access-control-request-method': 'PATCH' };

const namesIn = (header: unknown): readonly string[] => String(header).split(', ');

test('a page of an origin on the list may read the answer, and its headers', () =>
  withServer({ corsOrigins }, async (app) => {
    const answer = await app.inject({ url: '/public', headers });
    assert.is(answer.headers['access-control-allow-origin'], shop);
    assert.is(answer.headers['vary'], 'Origin');
    for (const name of [
      'ETag',
      'Location',
      'Retry-After',
      'Preference-Applied',
      'Idempotent-Replayed',
      'RateLimit',
      'RateLimit-Policy',
    ])
      assert.ok(namesIn(answer.headers['access-control-expose-headers']).includes(name), name);
    assert.is(answer.headers['access-control-allow-credentials'], undefined);
  }));

test('an origin that is not on the list, to the letter, may not; caches are told either way', () =>
  withServer({ corsOrigins }, async (app) => {
    for (const origin of [
      'https://shop.example.evil',
      'http://shop.example',
      'https://SHOP.example',
      'null',
      '*',
    ]) {
      const answer = await app.inject({ url: '/public', headers: { origin } });
      assert.is(answer.headers['access-control-allow-origin'], undefined, origin);
      assert.is(answer.headers['vary'], 'Origin');
      const asked = await app.inject({ method: 'OPTIONS', url: '/mine', headers: { ...preflight, origin } });
      assert.equal([asked.statusCode, asked.headers['access-control-allow-methods']], [405, undefined]);
    }
    assert.is((await app.inject('/public')).headers['vary'], 'Origin');
  }));

test('an error can be read as well: 400, 401, 404, 405 and 415', () =>
  withServer({ corsOrigins }, async (app) => {
    const customer = { ...headers, 'x-customer-id': 'alice' };
    const answers = [
      await app.inject({ url: '/%zz', headers }),
      await app.inject({ url: '/mine', headers }),
      await app.inject({ url: '/nowhere', headers }),
      await app.inject({ method: 'PATCH', url: '/mine', headers }),
      await app.inject({
        method: 'POST',
        url: '/mine',
        headers: { ...customer, 'content-type': 'text/plain' },
        payload: 'x',
      }),
    ];
    assert.equal(
      answers.map(({ statusCode }) => statusCode),
      [400, 401, 404, 405, 415],
    );
    for (const { headers: told, statusCode } of answers)
      assert.is(told['access-control-allow-origin'], shop, String(statusCode));
  }));

test('a preflight is answered without credentials, with the methods and headers of the contract', () =>
  withServer({ corsOrigins }, async (app) => {
    const answer = await app.inject({ method: 'OPTIONS', url: '/mine', headers: preflight });
    assert.is(answer.statusCode, 204);
    assert.is(answer.body, '');
    assert.is(answer.headers['access-control-allow-origin'], shop);
    for (const method of ['GET', 'POST', 'PATCH'])
      assert.ok(namesIn(answer.headers['access-control-allow-methods']).includes(method));
    for (const name of [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'Prefer',
      'Last-Event-ID',
      'X-Customer-Id',
      'traceparent',
    ])
      assert.ok(namesIn(answer.headers['access-control-allow-headers']).includes(name), name);
    assert.ok(Number(answer.headers['access-control-max-age']) > 0);
  }));

test('an OPTIONS that is no preflight is 405 as ever', () =>
  withServer({ corsOrigins }, async (app) => {
    assert.is((await app.inject({ method: 'OPTIONS', url: '/mine', headers })).statusCode, 405);
  }));

test('with * any page may, and the answer is the same for all', () =>
  withServer({ corsOrigins: ['*'] }, async (app) => {
    const answer = await app.inject({ url: '/public', headers: { origin: 'https://anybody.example' } });
    assert.is(answer.headers['access-control-allow-origin'], '*');
    assert.is(answer.headers['vary'], undefined);
  }));

test('unset, none of it is there', async () => {
  for (const options of [{}, { corsOrigins: [] }])
    await withServer(options, async (app) => {
      const answer = await app.inject({ url: '/public', headers });
      assert.equal(
        [answer.headers['access-control-allow-origin'], answer.headers['vary']],
        [undefined, undefined],
      );
      assert.is((await app.inject({ method: 'OPTIONS', url: '/mine', headers: preflight })).statusCode, 405);
    });
});
