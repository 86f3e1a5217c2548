import type { FastifyInstance } from 'fastify';
import { type ConnectionLimits, connectionLimits } from '../../src/http/connection/http-server.ts';
import type { ServerOptions } from '../../src/http/server.ts';
import { newDeferred } from '../../src/shared/deferred.ts';
import { until } from '../query/update-world.ts';
import { assert, suite } from '../support/suite.ts';
import { rawHead } from './heads.ts';
import { readAnswers } from './read-answers.ts';
import { smallServer } from './small-server.ts';
import { openWire } from './wire.ts';

const test = suite('http: connections that take their time');

const limits = { headMs: 50, requestMs: 150, checkMs: 10, keepAliveMs: 60_000 };
const get = rawHead('GET /public HTTP/1.1', 'Host: x');
const postHead = rawHead(
  'POST /mine HTTP/1.1',
  'Host: x',
  'X-Customer-Id: a',
  'Content-Type: application/json',
  'Content-Length: 2',
);

/** The answers on a connection that sends these bytes and then no more. */
const answersTo = async (app: FastifyInstance, bytes: string) => {
  const before = performance.now();
  const { heard, closes } = await openWire(app, bytes);
  assert.ok(await closes(), 'the connection is still open');
  return { answers: readAnswers(heard()), ms: performance.now() - before };
};

const withSlow = async (
  body: (app: FastifyInstance) => Promise<void>,
  { routes, ...more }: Partial<ConnectionLimits> & Partial<Pick<ServerOptions, 'routes'>> = {},
): Promise<void> => {
  const app = smallServer({ limits: { ...limits, ...more }, ...(routes && { routes }) });
  try {
    await body(app);
  } finally {
    // A connection that a failed test left open would keep the server from closing.
    app.server.closeAllConnections();
    await app.close();
  }
};

test('a head has ten seconds and a body fifteen, and nobody lives much longer than that', () => {
  assert.equal(
    [connectionLimits.headMs, connectionLimits.requestMs, connectionLimits.keepAliveMs],
    [10_000, 15_000, 72_000],
  );
  assert.ok(connectionLimits.checkMs <= 1_000);
  assert.ok(connectionLimits.stalledMs > 35_000, 'a wait of 30 s sends nothing');
});

for (const [what, bytes, codes] of [
  ['a slow head', 'GET /public HTTP/1.1\r\nHost: x\r\nX-', ['request-timeout']],
  ['a slow line', 'GET /pub', ['request-timeout']],
  ['a slow body', `${postHead}{`, ['request-timeout']],
  ['a slow second head', `${get}GET /pub`, [undefined, 'request-timeout']],
  ['a slow second body', get + postHead, [undefined, 'request-timeout']],
  ['a connection that says nothing', '', []],
] as const)
  test(`${what} is ${codes.at(-1) ?? 'closed without a word'} in time, and closed`, async () => {
    await withSlow(async (app) => {
      const { answers, ms } = await answersTo(app, bytes);
      assert.equal(
        answers.map(({ problem }) => problem?.code),
        codes,
      );
      assert.ok(ms < 5_000, `${ms} ms`);
    });
  });

test('a refused client that stays is cut off', async () => {
  await withSlow(async (app) => {
    const { socket, heard } = await openWire(app, 'no HTTP\r\n\r\n');
    socket.allowHalfOpen = true;
    await until(() => heard() !== '');
    let open = 1;
    await until(() => {
      app.server.getConnections((_error, count) => {
        open = count;
      });
      return open === 0;
    });
    assert.is(readAnswers(heard())[0]?.problem?.code, 'invalid-request');
    socket.destroy();
  });
});

test('a client that does not read its answers is let go of', async () => {
  const routes = async (app: FastifyInstance): Promise<void> => {
    app.get('/long', async (_request, reply) => reply.send(Buffer.alloc(32 * 1024 * 1024)));
  };
  await withSlow(
    async (app) => {
      const left = newDeferred<void>();
      app.server.once('connection', (own) => own.once('close', () => left.resolve()));
      const { socket } = await openWire(app, rawHead('GET /long HTTP/1.1', 'Host: x'));
      socket.pause();
      await left.promise;
      socket.destroy();
    },
    { stalledMs: 100, routes: [routes] },
  );
});

test('an idle connection is kept for as long as the setting says, and told so', async () => {
  await withSlow(
    async (app) => {
      const { answers, ms } = await answersTo(app, get);
      assert.is(answers[0]?.headers['keep-alive'], 'timeout=1');
      assert.ok(ms >= 1_000, 'never before the time it is told');
    },
    { keepAliveMs: 1_000 },
  );
});
