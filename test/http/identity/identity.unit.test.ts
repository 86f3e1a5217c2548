import { localIdentity } from '../../../src/http/identity/local-identity.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('http: local identity');

/** The text as Node decodes the bytes of a header. */
const wire = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const whoIs = async (headers: Record<string, string>): Promise<unknown> => {
  const known = await localIdentity.identify(headers);
  return known.type === 'identified' ? known.caller : known.problem.code;
};

test('a customer is who the header says, in any script', async () => {
  for (const name of ['alice', 'Alice ', '서울', 'Zoë', '🎟', 'a, b'])
    assert.equal(await whoIs({ 'x-customer-id': wire(name) }), {
      customerId: name,
      isAdmin: false,
      isService: false,
    });
});

test('an admin need not be a customer, and only "true" makes one', async () => {
  const admin = { isAdmin: true, isService: false };
  assert.equal(await whoIs({ 'x-admin': 'true' }), admin);
  assert.equal(await whoIs({ 'x-admin': 'true', 'x-customer-id': 'a' }), { customerId: 'a', ...admin });
  for (const no of ['TRUE', '1', 'false', '']) assert.is(await whoIs({ 'x-admin': no }), 'unauthenticated');
});

test('the service role can be tried: for a customer, and for nobody', async () => {
  const service = { isAdmin: false, isService: true };
  assert.equal(await whoIs({ 'x-service': 'true' }), service);
  assert.equal(await whoIs({ 'x-service': 'true', 'x-customer-id': 'a' }), { customerId: 'a', ...service });
  assert.is(await whoIs({ 'x-service': 'yes' }), 'unauthenticated');
});

test('nobody is unauthenticated', async () => {
  assert.is(await whoIs({}), 'unauthenticated');
  assert.is(await whoIs({ 'x-customer-id': '' }), 'unauthenticated');
});

test('bytes that are not UTF-8 and ids over 128 bytes are refused', async () => {
  assert.is(await whoIs({ 'x-customer-id': 'a\xff' }), 'invalid-request');
  assert.is(await whoIs({ 'x-customer-id': wire('울'.repeat(43)) }), 'invalid-request');
  assert.equal(await whoIs({ 'x-customer-id': wire('울'.repeat(42)) }), {
    customerId: '울'.repeat(42),
    isAdmin: false,
    isService: false,
  });
});
