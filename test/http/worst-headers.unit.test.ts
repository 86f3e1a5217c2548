import { cpuMs } from '../support/cpu-ms.ts';
import { assert, suite } from '../support/suite.ts';
import { alice, asAlice, documentation, reservationIds, serverOf, showId } from './fakes.ts';
import { tokenIdentity } from './token-identity.ts';
import { worstTexts } from './worst-texts.ts';

const test = suite('http: headers made to be slow', { timeoutMs: 60_000 });

const identity = tokenIdentity();
const proxies = ['10.0.0.0/8', '::1/128', '127.0.0.1'];
const rateLimits = { address: { perSecond: 1e6, burst: 1e6 } };
const byHeaders = serverOf({
  documentation,
  trustProxy: proxies,
  rateLimits,
  corsOrigins: ['https://a.example'],
});
const byTokens = serverOf({ command: { identity }, query: { identity } });
test.after(async () => {
  await byHeaders.close();
  await byTokens.close();
});

const id = reservationIds.mint(3, alice);
const body = { showId, lines: [{ poolId: 'standing', quantity: 3 }] };
const get = (url: string) => ({ app: byHeaders, method: 'GET', url }) as const;
const post = {
  app: byHeaders,
  method: 'POST',
  url: '/v1/reservations',
  payload: JSON.stringify(body),
} as const;
const patch = {
  app: byHeaders,
  method: 'PATCH',
  url: `/v1/shows/${showId}`,
  payload: '{"closed":true}',
} as const;

/** Every parser that reads a header, ours or a library's, called directly. */
const readers: readonly (readonly [
  string,
  ReturnType<typeof get> | typeof post | typeof patch | { app: typeof byTokens; method: 'GET'; url: string },
])[] = [
  ['prefer', post],
  ['prefer', get(`/v1/reservations/${id}`)],
  ['idempotency-key', post],
  ['content-type', post],
  ['content-encoding', post],
  ['x-customer-id', post],
  ['x-forwarded-for', post],
  ['x-forwarded-host', post],
  ['origin', post],
  ['traceparent', post],
  ['tracestate', post],
  ['if-match', patch],
  ['if-none-match', get(`/v1/shows/${showId}`)],
  ['if-none-match', get('/docs/static/swagger-ui.css')],
  ['range', get('/docs/static/swagger-ui.css')],
  ['accept-encoding', get('/docs/static/swagger-ui.css')],
  ['accept', get('/docs')],
  ['authorization', { app: byTokens, method: 'GET', url: '/v1/reservations' }],
];

for (const [name, { app, ...sent }] of readers) {
  test(`${name}: ${sent.method} ${sent.url.replace(/[0-9a-f-]{36}/, '{id}')}`, async () => {
    for (const text of worstTexts()) {
      const begun = cpuMs();
      const headers = {
        ...asAlice,
        ...('payload' in sent && { 'content-type': 'application/json' }),
        [name]: text,
      };
      const { statusCode } = await app.inject({ ...sent, headers });
      const ms = cpuMs() - begun;
      assert.ok(
        ms < 1_500,
        `${Math.round(ms)} ms for ${JSON.stringify(text.slice(0, 20))}…${JSON.stringify(text.slice(-4))}`,
      );
      assert.ok(statusCode < 500, `${statusCode} for ${text.slice(0, 20)}`);
    }
  });
}

test('an address, and what stands behind its question mark', async () => {
  for (const text of worstTexts(15_000))
    for (const url of [
      `/${encodeURI(text)}`,
      `/v1/shows/${encodeURI(text)}`,
      `/v1/reservations?reference=${encodeURI(text)}`,
      `/v1/shows?${encodeURI(text)}`,
      `/docs/static/${encodeURI(text)}`,
    ]) {
      const begun = cpuMs();
      const { statusCode } = await byHeaders.inject({ url, headers: asAlice });
      const ms = cpuMs() - begun;
      assert.ok(ms < 1_000, `${Math.round(ms)} ms for ${url.slice(0, 40)}`);
      assert.ok(statusCode < 500, `${statusCode} for ${url.slice(0, 40)}`);
    }
});
