import { asAdmin, asAlice, asService, type Logged, loggerInto, showId, untouched } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';
import { appended, hundred, lines, newStream, postMany, requestOf, statusesOf } from './many-world.ts';

const test = suite('command: mistakes in a call of many');

test('a bad request answers for itself alone, and says where in the body it is wrong', async () => {
  const { events, append } = newStream();
  const { status, results } = await postMany(
    [
      requestOf('alice'),
      requestOf('alice', { seat: 7 }),
      requestOf('alice', { showId: 'none' }),
      requestOf('alice', { lines: [{ poolId: 'standing', quantity: 0 }] }),
      requestOf('alice', { reference: '\ud800' }),
      requestOf('\ud800'),
      requestOf(''),
      requestOf('ü'.repeat(65)),
      { showId, lines },
      requestOf('alice', { key: 'not a token' }),
      null,
      'alice',
      [requestOf('alice')],
      requestOf('bob'),
    ],
    { options: { appender: { append } } },
  );
  assert.equal([status, events.length], [200, 2]);
  assert.equal(statusesOf(results), [202, ...Array(12).fill(400), 202]);
  assert.equal(
    results.map(({ problem }) => problem?.errors?.map(({ pointer }) => pointer).join()),
    [
      undefined,
      '#/requests/1/seat',
      '#/requests/2/showId',
      '#/requests/3/lines/0/quantity',
      '#/requests/4/reference',
      '#/requests/5/customerId',
      '#/requests/6/customerId',
      '#/requests/7/customerId',
      '#/requests/8/customerId',
      '#/requests/9/key',
      '#/requests/10',
      '#/requests/11',
      '#/requests/12',
      undefined,
    ],
  );
});

test('only what is wrong with the call itself is refused as a whole', async () => {
  const options = { appender: { append: untouched } };
  const wrong = async (payload: object | string, headers: Readonly<Record<string, string>> = asService) => {
    const { status, code, pointers } = await postMany([], { options, headers, payload });
    return [status, code, ...pointers];
  };
  const one = [requestOf('alice')];
  assert.equal(await wrong('{"requests":['), [400, 'malformed-json']);
  assert.equal(await wrong([requestOf('alice')]), [400, 'invalid-request', '#']);
  assert.equal(await wrong({ requests: requestOf('alice') }), [400, 'invalid-request', '#/requests']);
  assert.equal(await wrong({ requests: [] }), [400, 'invalid-request', '#/requests']);
  assert.equal(await wrong({ requests: [...hundred(), requestOf('alice')] }), [
    400,
    'invalid-request',
    '#/requests',
  ]);
  assert.equal(await wrong({ requests: one, wait: 5 }), [400, 'invalid-request', '#/wait']);
  const twice = `{"requests":[{"customerId":"a","customerId":"b"}]}`;
  assert.equal(await wrong(twice), [400, 'invalid-request', '#/requests/0/customerId']);
  const key = { ...asService, 'idempotency-key': 'k' };
  assert.equal(await wrong({ requests: one }, key), [400, 'invalid-request', 'Idempotency-Key']);
  assert.equal(await wrong({ requests: one }, asAlice), [403, 'forbidden']);
  assert.equal(await wrong({ requests: one }, {}), [401, 'unauthenticated']);
});

test('a body may have 64 KiB here, and not a byte more', async () => {
  const empty = JSON.stringify({ requests: [requestOf('alice')] });
  const fits = empty.padEnd(65_536, ' ');
  assert.is((await postMany([], { payload: fits })).status, 200);
  const { status, code } = await postMany([], { payload: `${fits} ` });
  assert.equal([status, code], [413, 'payload-too-large']);
});

test('an error in one request is logged and answered there: the others are promised already', async () => {
  const logged: Logged[] = [];
  const { append } = newStream((n) => (n === 1 ? untouched() : appended(n)));
  const { status, results } = await postMany([requestOf('a'), requestOf('b'), requestOf('c')], {
    options: { appender: { append } },
    server: { logger: loggerInto(logged) },
  });
  assert.equal([status, statusesOf(results)], [200, [202, 500, 202]]);
  assert.is(results[1]?.problem?.code, 'internal-error');
  assert.equal(
    logged.map(({ level, message }) => [level, message]),
    [['error', 'a request hit a bug']],
  );
});

test('a service that names a customer asks for this one alone', async () => {
  const requests = [requestOf('alice'), requestOf('bob')];
  const alices = await postMany(requests, { headers: { ...asService, ...asAlice } });
  assert.equal([statusesOf(alices.results), alices.results[1]?.problem?.code], [[202, 403], 'forbidden']);
  const admins = await postMany(requests, { headers: { ...asAdmin, ...asAlice } });
  assert.equal(statusesOf(admins.results), [202, 202], 'an administrator acts for nobody');
});
