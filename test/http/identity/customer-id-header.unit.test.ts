import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { readCustomerIdHeader } from '../../../src/http/identity/customer-id-header.ts';
import type { Identity } from '../../../src/http/identity/identity.ts';
import { localIdentity } from '../../../src/http/identity/local-identity.ts';
import { assert, suite } from '../../support/suite.ts';
import { type RawAnswer, rawRequest } from '../raw-request.ts';
import { smallServer } from '../small-server.ts';
import { secret, tokenIdentity } from '../token-identity.ts';
import { type Claims, signWithSecret } from '../token-issuer.ts';

const test = suite('http: X-Customer-Id');

const jwtIdentity = tokenIdentity();

const named = (header: string): string | undefined => {
  const found = readCustomerIdHeader({ 'x-customer-id': header });
  return found.type === 'named' ? found.customerId : undefined;
};

test('whatever a customer is called can be said in ASCII alone, as RFC 8187 has it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (name) => {
      fc.pre(Buffer.byteLength(name) <= 128);
      assert.is(named(`UTF-8''${encodeURIComponent(name)}`), name);
    }),
  );
  for (const [sent, name] of [
    ["utf-8''%ec%84%9c%EC%9A%B8", '서울'],
    ["Utf-8'ko'%EC%84%9C", '서'],
    ["UTF-8''O'Brien%20(a)", "O'Brien (a)"],
    ["UTF-8''UTF-8''x", "UTF-8''x"],
    ["UTF-8''%20a%20", ' a '],
  ] as const)
    assert.is(named(sent), name, sent);
});

test('an encoding that is none is refused and not taken for a name', () => {
  for (const sent of [
    "UTF-8''",
    "UTF-8''%",
    "UTF-8''%e",
    "UTF-8''%zz",
    "UTF-8''%ff",
    "UTF-8''%ED%A0%80",
    "UTF-8''a b",
    "UTF-8''\xe9",
    "UTF-8'x",
    `UTF-8''${'%41'.repeat(129)}`,
  ])
    assert.is(readCustomerIdHeader({ 'x-customer-id': sent }).type, 'malformed', sent);
  for (const plain of ["ISO-8859-1''a", 'UTF-8', "x UTF-8''a", '%41', "'UTF-8''a"])
    assert.is(named(plain), plain);
});

interface Case {
  readonly what: string;
  readonly identity: Identity;
  /** Header lines that make the caller a service, and a customer called ann. */
  readonly service: string;
  readonly ann: string;
}

const token = (more: Claims): Promise<string> => signWithSecret(secret, more);

const cases: readonly Case[] = [
  { what: 'local', identity: localIdentity, service: 'X-Service: true', ann: 'X-Other: x' },
  {
    what: 'jwt',
    identity: jwtIdentity,
    service: `Authorization: Bearer ${await token({ sub: 'till', scope: 'onsale:service' })}`,
    ann: `Authorization: Bearer ${await token({ sub: 'ann' })}`,
  },
];

for (const { what, identity, service, ann } of cases) {
  const app = smallServer({ identity });
  test.after(async () => {
    await app.close();
  });
  const ask = async (...lines: string[]): Promise<RawAnswer> => {
    if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
    const address: AddressInfo | string | null = app.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const head = ['GET /anybody HTTP/1.1', 'Host: x', 'Connection: close', ...lines];
    return rawRequest(address.port, Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'utf8'));
  };
  const asked = async (...lines: string[]): Promise<unknown> => {
    const { status, body } = await ask(...lines);
    const { customerId, code, isService } = JSON.parse(body);
    return status === 200 ? { customerId, isService } : `${status} ${code}`;
  };

  test(`${what}: a service that names nobody by mistake does not see everybody`, async () => {
    for (const empty of ['X-Customer-Id:', 'x-customer-id:   ', 'X-CUSTOMER-ID:\t', "X-Customer-Id: UTF-8''"])
      assert.is(await asked(service, empty), '400 invalid-request', empty);
    assert.equal(await asked(service), { customerId: undefined, isService: true });
    assert.equal(await asked(service, 'X-Customer-Id: a, b'), { customerId: 'a, b', isService: true });
    assert.equal(await asked(service, 'X-Customer-Id: 서울'), { customerId: '서울', isService: true });
    assert.equal(await asked(service, "X-Customer-Id: utf-8''%EC%84%9C"), {
      customerId: '서',
      isService: true,
    });
  });

  test(`${what}: two names are 400 for everybody, in any case, empty or the same`, async () => {
    for (const [one, other] of [
      ['X-Customer-Id: ann', 'X-Customer-Id: bob'],
      ['X-Customer-Id: ann', 'x-customer-ID: ann'],
      ['X-Customer-Id: ann', 'X-Customer-Id:'],
      ['X-Customer-Id:', 'X-Customer-Id: ann'],
      ['X-Customer-Id:', 'X-Customer-Id:'],
      ["X-Customer-Id: UTF-8''a", 'X-Customer-Id: ann'],
    ] as const) {
      assert.is(await asked(service, one, other), '400 invalid-request', `${one} ${other}`);
      assert.is(await asked(ann, one, 'X-Between: x', other), '400 invalid-request', `${one} ${other}`);
    }
  });
}

test('of a customer an empty one is as if it was not there', async () => {
  const ann = { authorization: `Bearer ${await token({ sub: 'ann' })}`, 'x-customer-id': '' };
  const byToken = await jwtIdentity.identify(ann);
  assert.is(byToken.type === 'identified' && byToken.caller.customerId, 'ann');
  const admin = await localIdentity.identify({ 'x-admin': 'true', 'x-customer-id': '' });
  assert.is(admin.type, 'identified');
});

test('a customer may name itself in ASCII alone', async () => {
  const authorization = `Bearer ${await token({ sub: '서울' })}`;
  const known = await jwtIdentity.identify({ authorization, 'x-customer-id': "UTF-8''%EC%84%9C%EC%9A%B8" });
  assert.is(known.type === 'identified' && known.caller.customerId, '서울');
});
