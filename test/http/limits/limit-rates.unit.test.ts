import type { FastifyInstance } from 'fastify';
import type { TrustProxy } from '../../../src/http/limits/proxies.ts';
import { assert, suite } from '../../support/suite.ts';
import { withServer } from '../small-server.ts';

const test = suite('http: rate limits');

// So slow that no request becomes available again while a test runs.
const two = { perSecond: 0.001, burst: 2 };
const alice = { 'x-customer-id': 'alice' };

const statuses = async (count: number, ask: (n: number) => Promise<{ statusCode: number }>) => {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) found.push((await ask(n)).statusCode);
  return found;
};

test('a customer who asks too often is 429, with when to come back; another is not', () =>
  withServer({ rateLimits: { customer: two } }, async (app) => {
    const mine = (headers: Record<string, string>) => app.inject({ url: '/mine', headers });
    assert.equal(await statuses(2, () => mine(alice)), [200, 200]);
    const refused = await mine(alice);
    assert.equal([refused.statusCode, refused.json().code], [429, 'too-many-requests']);
    assert.is(refused.headers['content-type'], 'application/problem+json');
    assert.is(refused.headers['retry-after'], '1000');
    assert.is((await mine({ 'x-customer-id': 'bob' })).statusCode, 200);
    assert.is((await app.inject({ url: '/anybody', headers: { 'x-admin': 'true' } })).statusCode, 200);
    assert.is((await app.inject('/public')).headers['ratelimit'], undefined);
  }));

test('a service is counted as the customer it acts for', () =>
  withServer({ rateLimits: { customer: two } }, async (app) => {
    const service = (customer: string) =>
      app.inject({ url: '/mine', headers: { 'x-service': 'true', 'x-customer-id': customer } });
    assert.equal(await statuses(6, (n) => service(`customer-${n}`)), [200, 200, 200, 200, 200, 200]);
    assert.equal(await statuses(3, () => service('alice')), [200, 200, 429]);
  }));

test('it is refused before its body is looked at', () =>
  withServer({ rateLimits: { customer: { ...two, burst: 1 } } }, async (app) => {
    const headers = { ...alice, 'content-type': 'application/json' };
    const post = () => app.inject({ method: 'POST', url: '/mine', headers, payload: '{' });
    assert.equal(await statuses(2, post), [400, 429]);
  }));

test('every answer that was counted says how much is left, of each policy', () =>
  withServer({ rateLimits: { customer: { perSecond: 5, burst: 20 }, address: two } }, async (app) => {
    const { headers } = await app.inject({ url: '/mine', headers: alice });
    assert.is(headers['ratelimit-policy'], '"address";q=2;w=2000, "customer";q=20;w=4');
    assert.is(headers['ratelimit'], '"address";r=1;t=1000, "customer";r=19;t=1');
    const last = await app.inject('/public');
    assert.is(last.headers['ratelimit'], '"address";r=0;t=2000');
    const refused = await app.inject('/public');
    assert.equal([refused.statusCode, refused.headers['ratelimit']], [429, '"address";r=0;t=2000']);
  }));

test('an address counts whatever it asks for, but for probes', () =>
  withServer({ rateLimits: { address: two } }, async (app) => {
    assert.equal(await statuses(3, () => app.inject('/livez')), [200, 200, 200]);
    assert.equal(await statuses(2, () => app.inject('/nowhere')), [404, 404]);
    assert.equal(await statuses(2, () => app.inject('/public')), [429, 429]);
    assert.is((await app.inject('/readyz')).statusCode, 200);
    assert.is((await app.inject({ url: '/public', remoteAddress: '192.0.2.1' })).statusCode, 200);
  }));

test('a page can read that it asked too often, and its preflights are not counted', () =>
  withServer({ rateLimits: { address: two }, corsOrigins: ['https://shop.example'] }, async (app) => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'GET' };
    assert.equal(
      await statuses(3, () => app.inject({ method: 'OPTIONS', url: '/mine', headers })),
      [204, 204, 204],
    );
    await statuses(2, () => app.inject('/public'));
    const refused = await app.inject({ url: '/public', headers });
    assert.equal([refused.statusCode, refused.headers['access-control-allow-origin']], [429, headers.origin]);
  }));

/** Whether two requests that differ only in X-Forwarded-For are counted as one client's. */
const areOne = async (
  trustProxy: TrustProxy | undefined,
  pair: readonly [string, string],
  remoteAddress: string,
) => {
  let areSame: boolean | undefined;
  const rateLimits = { address: { ...two, burst: 1 } };
  const ask = async (app: FastifyInstance): Promise<void> => {
    const found = await statuses(2, (n) =>
      app.inject({ url: '/public', remoteAddress, headers: { 'x-forwarded-for': pair[n] ?? '' } }),
    );
    areSame = found[1] === 429;
  };
  await withServer({ rateLimits, ...(trustProxy !== undefined && { trustProxy }) }, ask);
  return areSame;
};

test('X-Forwarded-For is believed of proxies that were named, by number or by address, and of nobody else', async () => {
  const proxy = '10.0.0.1';
  assert.is(await areOne(undefined, ['192.0.2.1', '192.0.2.2'], proxy), true, 'unset');
  assert.is(await areOne(1, ['192.0.2.1', '192.0.2.2'], proxy), false);
  assert.is(
    await areOne(1, ['192.0.2.1, 198.51.100.9', '192.0.2.2, 198.51.100.9'], proxy),
    true,
    'what a client adds',
  );
  assert.is(await areOne(2, ['192.0.2.1, 198.51.100.9', '192.0.2.2, 198.51.100.9'], proxy), false);
  assert.is(await areOne(['10.0.0.0/8'], ['192.0.2.1', '192.0.2.2'], proxy), false);
  assert.is(await areOne(['10.0.0.0/8'], ['192.0.2.1', '192.0.2.2'], '203.0.113.5'), true, 'not one of them');
  assert.is(await areOne(1, ['nonsense', 'other nonsense'], proxy), true, 'no address: the proxy counts');
});

test('unset, nothing is counted and nothing said', () =>
  withServer({ rateLimits: {} }, async (app) => {
    const { headers } = await app.inject({ url: '/mine', headers: alice });
    assert.equal([headers['ratelimit'], headers['ratelimit-policy']], [undefined, undefined]);
  }));
