import { readFileSync } from 'node:fs';
import { assert, suite } from '../support/suite.ts';
import { documentation, serverOf } from './fakes.ts';
import { operationsOf, parseOpenApi } from './parse-openapi.ts';
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
    assert.ok(namesIn(answer.headers['access-control-expose-headers']).includes('RateLimit-Policy'));
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
    for (const name of ['Content-Type', 'traceparent', 'tracestate', 'baggage'])
      assert.ok(namesIn(answer.headers['access-control-allow-headers']).includes(name), name);
    assert.ok(Number(answer.headers['access-control-max-age']) > 0);
  }));

/** The headers that a page may send and read, in lower case. */
const permitted = async (): Promise<{
  readonly sent: readonly string[];
  readonly read: readonly string[];
}> => {
  const app = serverOf({ documentation, corsOrigins });
  try {
    const asked = await app.inject({ method: 'OPTIONS', url: '/v1/shows', headers: preflight });
    const answer = await app.inject({ url: '/v1/shows', headers });
    const namesOf = (header: unknown) => namesIn(String(header).toLowerCase());
    return {
      sent: namesOf(asked.headers['access-control-allow-headers']),
      read: namesOf(answer.headers['access-control-expose-headers']),
    };
  } finally {
    await app.close();
  }
};

test('every header of the contract may be sent or read by a page', async () => {
  const { sent, read } = await permitted();
  const app = serverOf({ documentation });
  const operations = operationsOf(parseOpenApi((await app.inject('/openapi.json')).body));
  await app.close();
  const parameters = operations.flatMap(({ operation }) => operation.parameters ?? []);
  const asked = parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase());
  const answered = operations
    .flatMap(({ operation }) => Object.values(operation.responses))
    .flatMap((response) => Object.keys(response.headers ?? {}))
    .map((name) => name.toLowerCase());
  assert.ok(asked.length > 10 && answered.length > 10);
  assert.equal(
    asked.filter((name) => !sent.includes(name)),
    [],
  );
  assert.equal(
    answered.filter((name) => !read.includes(name)),
    [],
  );
});

test('every header of the guide may be sent or read by a page, or is the browser’s own', async () => {
  const { sent, read } = await permitted();
  const guide = readFileSync(new URL('../../docs/guide/README.md', import.meta.url), 'utf8');
  const rows = (/^## Headers$(.+?)^## /ms.exec(guide)?.[1] ?? '').matchAll(/^\| (`[^|]+) \|/gm);
  const named = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  assert.ok(named.length > 15);
  const own = ['expect', 'cache-control', 'vary'];
  assert.equal(
    named.filter((name) => ![...sent, ...read, ...own].includes(name.toLowerCase())),
    [],
  );
});

test('what only the local mode believes may be sent by pages that are named, and not by any page at all', async () => {
  for (const [origins, may] of [
    [corsOrigins, true],
    [['*'], false],
  ] as const)
    await withServer({ corsOrigins: origins }, async (app) => {
      const answer = await app.inject({ method: 'OPTIONS', url: '/mine', headers: preflight });
      for (const name of ['X-Admin', 'X-Service'])
        assert.is(namesIn(answer.headers['access-control-allow-headers']).includes(name), may);
    });
});

test('a preflight of an origin that is not named is told which setting names it', () =>
  withServer({ corsOrigins }, async (app) => {
    const asked = { ...preflight, origin: 'https://elsewhere.example' };
    const answer = await app.inject({ method: 'OPTIONS', url: '/mine', headers: asked });
    assert.is(answer.statusCode, 405);
    assert.match(answer.json().detail, 'ONSALE_CORS_ORIGINS');
  }));

test('an OPTIONS that is no preflight is 405 as ever', () =>
  withServer({ corsOrigins }, async (app) => {
    const answer = await app.inject({ method: 'OPTIONS', url: '/mine', headers });
    assert.is(answer.statusCode, 405);
    assert.not.match(answer.json().detail, 'ONSALE_CORS_ORIGINS');
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
