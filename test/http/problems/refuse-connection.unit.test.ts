import type { FastifyInstance } from 'fastify';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { until } from '../../query/update-world.ts';
import { assert, suite } from '../../support/suite.ts';
import { serverOf } from '../fakes.ts';
import { rawHead } from '../heads.ts';
import { readAnswers } from '../read-answers.ts';
import { openWire } from '../wire.ts';

const test = suite('http: what breaks behind a request');

/**
 * GET /later answers when the test says so; GET /begun has begun its answer, and continues when the test says
 * so.
 */
const openServer = (limits = {}) => {
  const begun = newDeferred<void>();
  const told = newDeferred<void>();
  const routes = async (app: FastifyInstance): Promise<void> => {
    app.get('/later', async () => {
      begun.resolve();
      await told.promise;
      return { done: true };
    });
    app.get('/begun', async (_request, reply) => {
      const { raw } = reply.hijack();
      raw.writeHead(200, { 'content-length': 4 });
      raw.write('{"x"');
      begun.resolve();
    });
  };
  return { app: serverOf({ routes: [routes], limits }), begun: begun.promise, tell: () => told.resolve() };
};

const later = rawHead('GET /later HTTP/1.1', 'Host: x');
const breaking = [
  ['what is not HTTP', 'no HTTP\r\n\r\n', 'invalid-request'],
  ['CONNECT', rawHead('CONNECT x:1 HTTP/1.1', 'Host: x'), 'method-not-allowed'],
  [
    'a head that is too large',
    rawHead('GET / HTTP/1.1', 'Host: x', `X: ${'x'.repeat(17_000)}`),
    'headers-too-large',
  ],
  [
    'a length that is none',
    rawHead('POST /later HTTP/1.1', 'Host: x', 'Content-Length: x'),
    'invalid-request',
  ],
] as const;

for (const [what, bytes, code] of breaking) {
  test(`${what} is refused behind the answer to the request before it, and does not take its place`, async () => {
    const { app, begun, tell } = openServer();
    const { socket, heard, closes } = await openWire(app, later + bytes);
    await begun;
    socket.write('more\r\n');
    tell();
    assert.ok(await closes(), 'the connection is still open');
    const answers = readAnswers(heard());
    assert.equal(
      answers.map(({ status, problem }) => problem?.code ?? status),
      [200, code],
    );
    await app.close();
  });
}

test('a body that stays away while an answer is under way ends the connection, and breaks into no answer', async () => {
  const { app } = openServer({ headMs: 50, requestMs: 50, checkMs: 10 });
  const head = rawHead('GET /begun HTTP/1.1', 'Host: x', 'Content-Length: 5');
  const { heard, closes } = await openWire(app, head);
  assert.ok(await closes(), 'the connection is still open');
  assert.equal(heard().split('HTTP/1.1').length, 2, heard());
  await app.close();
});

test('whoever leaves while a refusal waits for its turn leaves nothing behind', async () => {
  const { app, begun, tell } = openServer();
  const { socket } = await openWire(app, `${later}no HTTP\r\n\r\n`);
  await begun;
  socket.resetAndDestroy();
  let open = 1;
  await until(() => {
    app.server.getConnections((_error, count) => {
      open = count;
    });
    return open === 0;
  });
  tell();
  await app.close();
});
