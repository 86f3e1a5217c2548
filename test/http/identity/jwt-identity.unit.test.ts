import { createHmac } from 'node:crypto';
import type { Identity } from '../../../src/http/identity/identity.ts';
import { type JwtIdentityOptions, newJwtIdentity } from '../../../src/http/identity/jwt-identity.ts';
import { assert, suite } from '../../support/suite.ts';
import { secret } from '../token-identity.ts';
import {
  audience,
  type Claims,
  forge,
  issuer,
  newReadableLog,
  newSigningKey,
  sign,
  signWithSecret,
  startKeyServer,
  startMs,
} from '../token-issuer.ts';

const test = suite('http: identity by token');

const rsa = await newSigningKey('RS256', 'rsa');
const stranger = await newSigningKey('RS256', 'rsa');
const server = await startKeyServer([rsa]);
test.after(() => server.close());

const { logger, lines } = newReadableLog();
const identityBy = (keys: JwtIdentityOptions['keys'], nowMs: () => number = () => startMs): Identity =>
  newJwtIdentity({
    keys,
    issuer,
    audience,
    clockToleranceSeconds: 30,
    clock: { nowMs, monotonicMs: nowMs },
    logger,
  });

const bySecret = identityBy({ type: 'secret', secret });
const byKeys = identityBy({ type: 'jwks', url: server.url });

/** The caller, without the expiry of the token; or code, detail and challenge. */
const whoIs = async (
  identity: Identity,
  token: string,
  more: Record<string, string> = {},
): Promise<unknown> => {
  const known = await identity.identify({ authorization: `Bearer ${token}`, ...more });
  if (known.type === 'refused')
    return { code: known.problem.code, detail: known.problem.detail, challenge: known.challenge };
  const { validUntilMs: _, ...caller } = known.caller;
  return caller;
};

const codeOf = (found: unknown): unknown => Object(found).code;
const alice = { customerId: 'alice', isAdmin: false, isService: false };

const assertInvalid = async (identity: Identity, token: string, reason: RegExp): Promise<void> => {
  const found = Object(await whoIs(identity, token));
  assert.is(found.code, 'unauthenticated');
  assert.match(found.detail, reason);
  assert.match(found.challenge, /^Bearer error="invalid_token", error_description="[^"\\]+"$/);
  for (const part of token.split('.').filter((text) => text !== ''))
    assert.not(`${found.detail}${found.challenge}`.includes(part), 'a token is never repeated');
};

test('sub is the customer, by a secret and by each algorithm of a key set', async () => {
  assert.equal(await whoIs(bySecret, await signWithSecret(secret)), alice);
  for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
    const key = await newSigningKey(algorithm, algorithm);
    server.publish([rsa, key]);
    const identity = identityBy({ type: 'jwks', url: server.url });
    assert.equal(await whoIs(identity, await sign(key)), alice, algorithm);
  }
  server.publish([rsa]);
});

test('customers have any script, up to 128 bytes', async () => {
  for (const sub of ['서울', 'Zoë', '🎟'.repeat(32)])
    assert.is(Object(await whoIs(bySecret, await signWithSecret(secret, { sub }))).customerId, sub);
});

test('no token is 401 with the challenge that names no error', async () => {
  for (const headers of [
    {},
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer a b' },
  ]) {
    const known = await bySecret.identify(headers);
    assert.is(known.type === 'refused' && known.challenge, 'Bearer realm="onsale"');
    assert.is(known.type === 'refused' && known.problem.code, 'unauthenticated');
  }
});

test('what is no token, or is signed by somebody else, is refused', async () => {
  const good = await sign(rsa);
  await assertInvalid(byKeys, 'nonsense', /not one that is trusted/);
  await assertInvalid(byKeys, await sign(stranger), /not one that is trusted/);
  await assertInvalid(byKeys, `${good.slice(0, -4)}AAAA`, /not one that is trusted/);
  await assertInvalid(bySecret, await signWithSecret(`${secret}!`), /not one that is trusted/);
  const [header, , signature] = good.split('.');
  const [, admin] = forge({}, { scope: 'onsale:admin' }).split('.');
  await assertInvalid(byKeys, `${header}.${admin}.${signature}`, /not one that is trusted/);
});

test('a token cannot choose how it is checked', async () => {
  for (const alg of ['none', 'None', 'NONE', ''])
    for (const identity of [byKeys, bySecret]) await assertInvalid(identity, forge({ alg }), /not one that/);
  // Everybody knows the public key, so an HMAC with it must not count as a signature.
  for (const publicKey of [rsa.publicPem, rsa.publicPem.trim(), JSON.stringify(rsa.publicJwk)]) {
    const unsigned = forge({ alg: 'HS256', kid: rsa.kid });
    const signature = createHmac('sha256', publicKey).update(unsigned.slice(0, -1)).digest('base64url');
    await assertInvalid(byKeys, `${unsigned}${signature}`, /not one that is trusted/);
  }
  await assertInvalid(bySecret, await sign(rsa), /not one that is trusted/);
  await assertInvalid(bySecret, await signWithSecret(`${secret}${secret}`, {}, 'HS512'), /not one that/);
  await assertInvalid(byKeys, await sign(await newSigningKey('PS256', rsa.kid)), /not one that is trusted/);
  await assertInvalid(
    byKeys,
    forge({ alg: 'RS256', kid: rsa.kid, jwk: stranger.publicJwk }, {}, 'AAAA'),
    /not one/,
  );
  await assertInvalid(byKeys, await sign({ ...rsa, kid: 'unheard' }), /key that is not known/);
});

const seconds = startMs / 1000;
const badClaims: readonly (readonly [what: string, claims: Claims, reason: RegExp])[] = [
  ['no exp', { exp: undefined }, /lacks exp/],
  ['an exp that is over', { exp: seconds - 30 }, /has expired/],
  ['an nbf to come', { nbf: seconds + 31 }, /not valid yet/],
  ['another iss', { iss: 'https://login.example' }, /another issuer/],
  ['no iss', { iss: undefined }, /lacks iss/],
  ['another aud', { aud: 'onsale-staging' }, /another audience/],
  ['no aud', { aud: undefined }, /lacks aud/],
  ['no aud of ours in a list', { aud: ['a', 'b'] }, /another audience/],
  ['no sub', { sub: undefined }, /lacks sub/],
  ['an empty sub', { sub: '' }, /1 to 128 bytes/],
  ['a sub of 129 bytes', { sub: `${'울'.repeat(42)}abc` }, /1 to 128 bytes/],
  ['a sub with half a character', { sub: 'a\ud800' }, /1 to 128 bytes/],
];

for (const [what, claims, reason] of badClaims) {
  test(`a token with ${what} is refused, and the reason is told`, async () => {
    await assertInvalid(bySecret, await signWithSecret(secret, claims), reason);
  });
}

test('clocks may differ by the tolerance, and no more', async () => {
  for (const claims of [{ exp: seconds - 29 }, { nbf: seconds + 30 }, { aud: ['other', audience] }])
    assert.equal(await whoIs(bySecret, await signWithSecret(secret, claims)), alice);
});

test('a caller says until when it is believed: as long as its token, and the tolerance', async () => {
  for (const claims of [{}, { scope: 'onsale:service' }, { scope: 'onsale:admin' }]) {
    const token = await signWithSecret(secret, { ...claims, exp: seconds + 10 });
    for (const _ of ['verified', 'remembered']) {
      const known = await bySecret.identify({ authorization: `Bearer ${token}` });
      if (known.type === 'refused') throw new Error(known.problem.detail);
      assert.is(known.caller.validUntilMs, startMs + 40_000);
    }
  }
});

test('scopes make admins, in scope and in scp, as text and as a list, and only whole words count', async () => {
  for (const claims of [
    { scope: 'openid onsale:admin' },
    { scp: ['onsale:admin', 'openid'] },
    { scp: 'openid onsale:admin' },
  ])
    assert.equal(await whoIs(bySecret, await signWithSecret(secret, claims)), { ...alice, isAdmin: true });
  for (const scope of ['onsale:administrator', 'ONSALE:ADMIN', 'onsale:admin,x', ''])
    assert.equal(await whoIs(bySecret, await signWithSecret(secret, { scope })), alice);
});

test('a service is whom it acts for, and nobody when it does not say', async () => {
  const token = await signWithSecret(secret, { scope: 'onsale:service', sub: undefined });
  const seoul = Buffer.from('서울', 'utf8').toString('latin1');
  assert.equal(await whoIs(bySecret, token), { isAdmin: false, isService: true });
  assert.equal(await whoIs(bySecret, token, { 'x-customer-id': seoul }), {
    customerId: '서울',
    isAdmin: false,
    isService: true,
  });
  assert.is(codeOf(await whoIs(bySecret, token, { 'x-customer-id': 'a\xff' })), 'invalid-request');
});

test('a customer cannot act for another, an admin neither', async () => {
  for (const scope of ['', 'onsale:admin']) {
    const token = await signWithSecret(secret, { scope });
    assert.is(Object(await whoIs(bySecret, token, { 'x-customer-id': 'alice' })).customerId, 'alice');
    for (const other of ['bob', 'Alice', 'a\xff'])
      assert.is(codeOf(await whoIs(bySecret, token, { 'x-customer-id': other })), 'forbidden');
  }
});

test('the headers of local mode mean nothing', async () => {
  assert.equal(
    await whoIs(bySecret, await signWithSecret(secret), { 'x-admin': 'true', 'x-service': 'true' }),
    alice,
  );
  const known = await bySecret.identify({ 'x-admin': 'true', 'x-customer-id': 'alice' });
  assert.is(known.type, 'refused');
});

test('a token that was believed once is not believed when it has expired', async () => {
  let nowMs = startMs;
  const identity = identityBy({ type: 'secret', secret }, () => nowMs);
  const token = await signWithSecret(secret, { exp: seconds + 10 });
  assert.equal(await whoIs(identity, token), alice);
  nowMs = startMs + 39_999;
  assert.equal(await whoIs(identity, token), alice);
  nowMs = startMs + 40_000;
  await assertInvalid(identity, token, /has expired/);
});

test('nothing of this is in the log', () => assert.equal(lines, []));
