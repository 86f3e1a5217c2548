import { until } from '../query/update-world.ts';
import { assert, suite } from '../support/suite.ts';
import { serverOf, showId } from './fakes.ts';
import { rawHead } from './heads.ts';
import { readAnswers } from './read-answers.ts';
import { openWire } from './wire.ts';

const test = suite('http: Expect: 100-continue');
const app = serverOf({ rateLimits: { customer: { perSecond: 0.001, burst: 1 } } });
test.after(async () => {
  // A connection that a failed test left open would keep the server from closing.
  app.server.closeAllConnections();
  await app.close();
});

const body = JSON.stringify({ showId, lines: [{ poolId: 'standing', quantity: 1 }] });

interface Asked {
  readonly line?: string;
  readonly customer?: string | undefined;
  readonly type?: string;
  readonly length?: number;
}

const headOf = ({
  line = 'POST /v1/reservations',
  customer = 'alice',
  type = 'application/json',
  length = body.length,
}: Asked): string =>
  rawHead(
    `${line} HTTP/1.1`,
    'Host: x',
    ...(customer === '' ? [] : [`X-Customer-Id: ${customer}`]),
    `Content-Type: ${type}`,
    'Expect: 100-continue',
    `Content-Length: ${length}`,
  );

const refusals: readonly (readonly [what: string, asked: Asked, code: string])[] = [
  ['a body that is too long', { length: 16_385 }, 'payload-too-large'],
  ['nobody asking', { customer: '' }, 'unauthenticated'],
  ['a customer id that is none', { customer: 'x'.repeat(200) }, 'invalid-request'],
  ['a customer where an administrator is wanted', { line: 'POST /v1/shows' }, 'forbidden'],
  ['another type', { customer: 'bob', type: 'text/plain' }, 'unsupported-media-type'],
  ['an address that is not there', { line: 'POST /v2/reservations' }, 'not-found'],
  ['a method that is not there', { line: 'PUT /v1/reservations' }, 'method-not-allowed'],
];

for (const [what, asked, code] of refusals) {
  test(`${what} is refused by the head alone, and no body is asked for`, async () => {
    const { heard, closes } = await openWire(app, headOf(asked));
    assert.ok(await closes(), 'the connection is still open');
    assert.equal(
      readAnswers(heard()).map(({ problem }) => problem?.code),
      [code],
    );
  });
}

test('whoever asks too often is refused by the head alone', async () => {
  for (const codes of [['malformed-json'], ['too-many-requests']]) {
    const { socket, heard, closes } = await openWire(app, headOf({ customer: 'carol', length: 2 }));
    await until(() => heard() !== '');
    if (heard().startsWith('HTTP/1.1 100')) socket.write('{,');
    assert.ok(await closes(), 'the connection is still open');
    const answers = readAnswers(heard()).filter(({ status }) => status !== 100);
    assert.equal(
      answers.map(({ problem }) => problem?.code),
      codes,
    );
  }
});

test('a body that is wanted is asked for once, and the connection goes on', async () => {
  const { socket, heard, statuses, closes } = await openWire(app, headOf({ customer: 'dora' }));
  await until(() => heard() !== '');
  assert.equal(statuses(), [100]);
  socket.write(body);
  await until(() => statuses().length === 2);
  socket.write(rawHead('GET /v1/shows HTTP/1.1', 'Host: x', 'Expect: 100-continue'));
  assert.ok(await closes(), 'the connection is still open');
  assert.equal(statuses(), [100, 202, 200], 'nothing is asked of a request without a body');
});

test('a body that comes unasked is taken', async () => {
  const { socket, statuses } = await openWire(app, headOf({ customer: 'erin' }) + body);
  await until(() => statuses().at(-1) === 202);
  socket.destroy();
});
