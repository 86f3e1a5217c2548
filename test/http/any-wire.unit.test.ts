import fc from 'fast-check';
import { assert, suite } from '../support/suite.ts';
import { type Logged, loggerInto, serverOf, showId } from './fakes.ts';
import { oddHeads, rawHead } from './heads.ts';
import { readAnswers } from './read-answers.ts';
import { openWire } from './wire.ts';

const test = suite('http: any bytes on a connection', { timeoutMs: 30_000 });

const limitMs = 5_000;
const connectionsMin = 100;

const body = JSON.stringify({ showId, lines: [{ poolId: 'standing', quantity: 1 }] });

const lines = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS', 'CONNECT', 'TRACE', 'PRI', 'get', 'FOO', ''),
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('/v1/shows', '/v1/reservations', `/v1/shows/${showId}`) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('*', 'http://y/v1/shows', '//', '/%zz', '?', 'x:1', '/v1/shows#x', ''),
      },
      { weight: 1, arbitrary: fc.webPath() },
    ),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('HTTP/1.1') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'RTSP/1.0', 'http/1.1', ''),
      },
    ),
  )
  .map((parts) => parts.join(' '));

const names = [
  'Host',
  'Content-Length',
  'Transfer-Encoding',
  'Expect',
  'Connection',
  'Upgrade',
  'Authorization',
  'X-Customer-Id',
  'Content-Type',
  'Prefer',
  'Idempotency-Key',
  'TE',
];

const values = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['x', 'alice', 'application/json', 'chunked', '100-continue', 'close', 'keep-alive', 'Upgrade'],
      ...['websocket', String(body.length), '0', '1', '17000', 'gzip, chunked', ''],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)) }),
  },
);

const fields = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(fc.constantFrom(...names), values).map((pair) => pair.join(': ')) },
  { weight: 1, arbitrary: fc.constantFrom(' folded', 'no colon', 'blank : x', ': x', '\0') },
);

const heads = fc
  .tuple(lines, fc.array(fields, { maxLength: 6 }), fc.boolean())
  .map(([line, some, isHosted]) => rawHead(line, ...(isHosted ? ['Host: x'] : []), ...some));

const bodies = fc.constantFrom(
  '',
  body,
  '0\r\n\r\n',
  `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  '{',
  '\r\n',
);

const requests = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(heads, bodies).map(([head, behind]) => head + behind) },
  { weight: 2, arbitrary: fc.constantFrom(...oddHeads.map(([, bytes]) => bytes)) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some).toString('latin1')),
  },
);

const last = rawHead('GET /last HTTP/1.1', 'Host: x', 'Connection: close');

const broken = /^(?:5(?!03)|[^2345])/;

test('whatever comes is answered by whole answers, each error a problem for nobody to keep, or by a close', async () => {
  const logged: Logged[] = [];
  // Short limits, because a request that the server waits for never arrives here.
  const limits = { headMs: 50, requestMs: 50, checkMs: 10 };
  const app = serverOf({ logger: loggerInto(logged), limits });
  let connections = 0;
  const talk = async (some: readonly string[]): Promise<void> => {
    const bytes = Buffer.from(some.join('') + last, 'latin1');
    const { heard, closes } = await openWire(app, bytes);
    assert.ok(await closes(), 'the connection is still open');
    connections += 1;
    const shown = JSON.stringify([some, heard().slice(0, 1_000)]);
    const answers = readAnswers(heard());
    const final = answers.filter(({ status }) => status !== 100);
    assert.ok(!final.some(({ status }) => broken.test(String(status))), shown);
    assert.equal(logged, [], shown);
  };
  try {
    // Normally the time limit ends the loop; a machine that has made too few connections by then continues.
    do
      await fc.assert(fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 4 }), talk), {
        numRuns: 1_500,
        interruptAfterTimeLimit: limitMs,
        markInterruptAsFailure: false,
      });
    while (connections < connectionsMin);
  } finally {
    await app.close();
  }
});
