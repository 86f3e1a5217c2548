import type { FastifyPluginAsync } from 'fastify';
import {
  actorOf,
  callerOf,
  customerIdOf,
  requireAdmin,
  requireCaller,
  requireCustomer,
  requireServiceOrAdmin,
} from '../../../src/http/identity/identity.ts';
import { localIdentity } from '../../../src/http/identity/local-identity.ts';
import { assert, suite } from '../../support/suite.ts';
import { smallServer, withServer } from '../small-server.ts';
import { secret, tokenIdentity } from '../token-identity.ts';
import { signWithSecret, startMs } from '../token-issuer.ts';

const test = suite('http: who may do what');

const hooks = { requireCustomer, requireAdmin, requireServiceOrAdmin, requireCaller };
const routes: FastifyPluginAsync = async (app) => {
  for (const [name, hook] of Object.entries(hooks))
    app.get(`/${name}`, { onRequest: hook(localIdentity) }, async (request) => actorOf(callerOf(request)));
  app.get('/nobody', async (request) => customerIdOf(request));
};
const app = smallServer({ routes: [routes] });
test.after(() => app.close());

const customer = { 'x-customer-id': 'alice' };
const service = { 'x-service': 'true' };
const admin = { 'x-admin': 'true' };

const table: readonly (readonly [hook: keyof typeof hooks, headers: object, answer: string])[] = [
  ['requireCustomer', {}, 'unauthenticated'],
  ['requireCustomer', customer, 'customer'],
  ['requireCustomer', service, 'invalid-request'],
  ['requireCustomer', { ...service, ...customer }, 'service'],
  ['requireCustomer', admin, 'forbidden'],
  ['requireAdmin', {}, 'unauthenticated'],
  ['requireAdmin', customer, 'forbidden'],
  ['requireAdmin', service, 'forbidden'],
  ['requireAdmin', admin, 'admin'],
  ['requireAdmin', { ...admin, ...customer }, 'admin'],
  ['requireServiceOrAdmin', {}, 'unauthenticated'],
  ['requireServiceOrAdmin', customer, 'forbidden'],
  ['requireServiceOrAdmin', service, 'service'],
  ['requireServiceOrAdmin', admin, 'admin'],
  ['requireCaller', {}, 'unauthenticated'],
  ['requireCaller', customer, 'customer'],
  ['requireCaller', service, 'service'],
  ['requireCaller', { ...admin, ...service }, 'admin'],
];

for (const [hook, headers, answer] of table) {
  test(`${hook}: ${Object.keys(headers).join(' and ') || 'nobody'} is ${answer}`, async () => {
    const { statusCode, body } = await app.inject({ url: `/${hook}`, headers: { ...headers } });
    assert.is(statusCode === 200 ? body : JSON.parse(body).code, answer);
  });
}

test('a service that does not say for whom it acts is told which header is missing', async () => {
  const { body } = await app.inject({ url: '/requireCustomer', headers: service });
  assert.is(JSON.parse(body).errors[0].pointer, 'X-Customer-Id');
});

test('asking for the customer where nobody was asked who it is, is a bug', async () => {
  assert.is((await app.inject({ url: '/nobody', headers: customer })).statusCode, 500);
});

const identity = tokenIdentity();

test('by token: the caller is known, and 401 says how to be', () =>
  withServer({ identity }, async (small) => {
    const authorization = `Bearer ${await signWithSecret(secret, { scope: 'onsale:admin' })}`;
    const mine = await small.inject({ url: '/mine', headers: { authorization } });
    assert.equal(mine.json(), {
      customerId: 'alice',
      isAdmin: true,
      isService: false,
      validUntilMs: startMs + 330_000,
    });
    const nobody = await small.inject('/mine');
    assert.equal([nobody.statusCode, nobody.headers['www-authenticate']], [401, 'Bearer realm="onsale"']);
    const bad = await small.inject({ url: '/mine', headers: { authorization: `${authorization}x` } });
    assert.equal([bad.statusCode, bad.json().code], [401, 'unauthenticated']);
    assert.match(String(bad.headers['www-authenticate']), /^Bearer error="invalid_token"/);
  }));

test('a token in an address is no credential', () =>
  withServer({ identity }, async (small) => {
    const token = await signWithSecret(secret);
    for (const name of ['access_token', 'token', 'authorization'])
      assert.is((await small.inject(`/mine?${name}=${token}`)).statusCode, 401);
  }));

test('keys that cannot be fetched are 503, and no challenge', () => {
  const away = tokenIdentity({ type: 'jwks', url: 'http://127.0.0.1:1/keys' });
  return withServer({ identity: away }, async (small) => {
    // ES256 in the header, so that a key is fetched.
    const token = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.e30.AAAA`;
    const answer = await small.inject({ url: '/mine', headers: { authorization: `Bearer ${token}` } });
    assert.equal([answer.statusCode, answer.json().code], [503, 'overloaded']);
    assert.equal([answer.headers['retry-after'], answer.headers['www-authenticate']], ['1', undefined]);
  });
});
