import { SignJWT } from 'jose';
import { type Answer, call, itemsIn, type Wish } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { isProblem } from '../support/problem.ts';
import { type RunningSystem, startRunning } from '../support/running.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('who is asking', { timeoutMs: 60_000 });

const secret = 'a secret for tests that has thirty-two bytes or more';
const issuer = 'https://login.example';
const audience = 'onsale';
const shop = 'https://shop.example';
const hour = 3_600;

let running: RunningSystem;
let jwt: Onsale;

test.before(async () => {
  running = await startRunning();
  jwt = await startOnsale({
    roles: ['command', 'query'],
    ...running.backends.urls,
    env: {
      ONSALE_AUTH: 'jwt',
      ONSALE_JWT_SECRET: secret,
      ONSALE_JWT_ISSUER: issuer,
      ONSALE_JWT_AUDIENCE: audience,
      ONSALE_CORS_ORIGINS: shop,
    },
  });
});

test.after(async () => {
  await jwt?.stop();
  await running.stop();
});

interface Claims {
  readonly sub: string;
  readonly scope?: string;
  readonly aud?: string;
  readonly expiresIn?: number;
  readonly signedWith?: string;
}

type Headers = Readonly<Record<string, string>>;

const bearer = async ({ sub, scope, aud, expiresIn, signedWith }: Claims): Promise<Headers> => {
  const now = Math.floor(Date.now() / 1_000);
  const token = new SignJWT(scope === undefined ? {} : { scope })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(aud ?? audience)
    .setExpirationTime(now + (expiresIn ?? hour));
  return { authorization: `Bearer ${await token.sign(new TextEncoder().encode(signedWith ?? secret))}` };
};

const customer = (sub: string): Promise<Headers> => bearer({ sub });
const admin = (): Promise<Headers> => bearer({ sub: 'boss', scope: 'onsale:admin' });
const service = async (actsFor?: string): Promise<Headers> => ({
  ...(await bearer({ sub: 'checkout', scope: 'onsale:service' })),
  ...(actsFor !== undefined && { 'x-customer-id': actsFor }),
});

const openShow = async (rules: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const pools = [{ id: 'stalls', name: 'Stalls', capacity: 100 }];
  const body = { name: 'A show', pools, ...rules };
  const answer = await call(`${jwt.url}/v1/shows`, { headers: await admin(), body });
  assert.is(answer.status, 201, JSON.stringify(answer.body));
  return String(answer.body['id']);
};

const ask = (headers: Headers, { showId }: Pick<Wish, 'showId'>): Promise<Answer> => {
  const body = { showId, lines: [{ poolId: 'stalls', quantity: 1 }] };
  return call(`${jwt.url}/v1/reservations`, { headers, body, wait: 30 });
};

const made = async (headers: Headers, showId: string): Promise<string> => {
  const answer = await ask(headers, { showId });
  assert.is(answer.status, 201, JSON.stringify(answer.body));
  return `${jwt.url}/v1/reservations/${answer.body['id']}`;
};

test('a customer is the sub of the token, and opens no shows', async () => {
  const showId = await openShow();
  const ann = await customer('ann');
  const url = await made(ann, showId);
  assert.is((await call(url, { headers: ann })).body['status'], 'confirmed');
  const pools = [{ id: 'stalls', name: 'Stalls', capacity: 1 }];
  const opening = await call(`${jwt.url}/v1/shows`, { headers: ann, body: { name: 'Mine', pools } });
  isProblem(opening, 403, 'forbidden');
  isProblem(await ask({ ...ann, 'x-customer-id': 'bob' }, { showId }), 403, 'forbidden');
});

const badTokens: readonly (readonly [string, Omit<Claims, 'sub'>])[] = [
  ['has expired', { expiresIn: -hour }],
  ['is signed by somebody else', { signedWith: 'another secret, which is just as long as it has to be' }],
  ['is for another audience', { aud: 'elsewhere' }],
];

for (const [what, claims] of badTokens) {
  test(`a token that ${what} is 401 with a challenge`, async () => {
    const answer = await call(`${jwt.url}/v1/reservations`, {
      headers: await bearer({ sub: 'ann', ...claims }),
    });
    isProblem(answer, 401, 'unauthenticated');
    assert.match(answer.headers.get('www-authenticate') ?? '', 'Bearer error="invalid_token"');
  });
}

test('without a token it is 401, whatever X-Customer-Id and X-Admin say; what is public stays public', async () => {
  const showId = await openShow();
  const claimed = { 'x-customer-id': 'ann', 'x-admin': 'true' };
  const answer = await ask(claimed, { showId });
  isProblem(answer, 401, 'unauthenticated');
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
  assert.is((await call(`${jwt.url}/v1/shows/${showId}`)).status, 200);
});

test('a service reserves and confirms for a customer, who sees it and may not confirm it', async () => {
  const showId = await openShow({ holdSeconds: 600, confirmBy: 'service' });
  const url = await made(await service('ann'), showId);
  const ann = await customer('ann');
  assert.is((await call(url, { headers: ann })).body['status'], 'held');
  const confirm = (headers: Headers): Promise<Answer> =>
    call(`${url}/confirm`, { method: 'POST', headers, wait: 30 });
  isProblem(await confirm(ann), 403, 'forbidden');
  isProblem(await confirm(await service('bob')), 404, 'not-found');
  assert.is((await confirm(await service('ann'))).body['status'], 'confirmed');
  const another = await made(await service('bob'), showId);
  const unnamed = await call(`${another}/confirm`, { method: 'POST', headers: await service(), wait: 30 });
  assert.is(unnamed.body['status'], 'confirmed', JSON.stringify(unnamed.body));
  isProblem(await ask(await service(), { showId }), 400, 'invalid-request');
});

test('what is another’s is 404 in every call, to customers and to services that act for one', async () => {
  const showId = await openShow({ holdSeconds: 600 });
  const url = await made(await customer('ann'), showId);
  for (const headers of [await customer('bob'), await service('bob')]) {
    for (const path of ['', '/history', '/updates'])
      isProblem(await call(`${url}${path}`, { headers }), 404, 'not-found');
    for (const verb of ['confirm', 'extend', 'cancel'])
      isProblem(await call(`${url}/${verb}`, { method: 'POST', headers, wait: 30 }), 404, 'not-found');
    const list = await call(`${jwt.url}/v1/reservations?showId=${showId}`, { headers });
    assert.equal(itemsIn(list), []);
  }
  assert.is((await call(url, { headers: await customer('ann') })).body['status'], 'held');
});

test('administrators, and services that name nobody, see everybody’s of a show', async () => {
  const showId = await openShow();
  for (const sub of ['ann', 'bob']) await made(await customer(sub), showId);
  for (const headers of [await admin(), await service()]) {
    const list = await call(`${jwt.url}/v1/reservations?showId=${showId}`, { headers });
    assert.equal(
      itemsIn(list).map(({ customerId }) => customerId),
      ['bob', 'ann'],
    );
  }
});

test('a page of the shop may call, one from elsewhere may not', async () => {
  const preflight = (origin: string): Promise<Answer> =>
    call(`${jwt.url}/v1/reservations`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
    });
  const allowed = await preflight(shop);
  assert.is(allowed.status, 204);
  assert.is(allowed.headers.get('access-control-allow-origin'), shop);
  assert.match(allowed.headers.get('access-control-allow-headers') ?? '', 'Idempotency-Key');
  assert.is((await preflight('https://evil.example')).headers.get('access-control-allow-origin'), null);
  const refused = await call(`${jwt.url}/v1/reservations`, { headers: { origin: shop } });
  assert.is(refused.headers.get('access-control-allow-origin'), shop);
  assert.match(refused.headers.get('access-control-expose-headers') ?? '', 'Retry-After');
});

for (const by of ['customer', 'address'] as const) {
  test(`who asks too often is 429 with what is left and when to come back, by ${by}`, async () => {
    const variable = `ONSALE_RATE_LIMIT_${by.toUpperCase()}`;
    const env = { [variable]: '0.01:3' };
    const limited = await startOnsale({ roles: ['query'], ...running.backends.urls, env });
    const list = (who: string): Promise<Answer> => call(`${limited.url}/v1/reservations`, { customer: who });
    try {
      for (const left of [2, 1, 0]) {
        const answer = await list('ann');
        assert.is(answer.status, 200);
        assert.match(answer.headers.get('ratelimit') ?? '', `"${by}";r=${left};`);
        assert.match(answer.headers.get('ratelimit-policy') ?? '', `"${by}";q=3;w=300`);
      }
      const refused = await list('ann');
      isProblem(refused, 429, 'too-many-requests');
      assert.ok(Number(refused.headers.get('retry-after')) >= 1);
      assert.is((await list('bob')).status, by === 'customer' ? 200 : 429);
    } finally {
      await limited.stop();
    }
  });
}
