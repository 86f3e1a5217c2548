import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { patience } from '../../infra/local/wait-until.ts';
import { stopServer } from '../../src/http/connection/stop-server.ts';
import { opsRoutes } from '../../src/http/ops-routes.ts';
import { assert, suite } from '../support/suite.ts';
import { asAlice, serverOf, showId, standing } from './fakes.ts';

const test = suite('http: stopping');

const readAll = async (response: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
};

const portOf = async (app: FastifyInstance): Promise<number> =>
  Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);

test('readiness goes 503 at once, and liveness does not', async () => {
  const stopping = new AbortController();
  const ready = async () => ({ roles: { query: 'ok' as const }, details: {} });
  const app = serverOf({
    stopping: stopping.signal,
    routes: [opsRoutes({ ready, stopping: stopping.signal })],
  });
  assert.is((await app.inject('/readyz')).statusCode, 200);
  stopping.abort();
  assert.is((await app.inject('/readyz')).statusCode, 503);
  assert.is((await app.inject('/livez')).statusCode, 200);
  await app.close();
});

test('new commands are refused with stopping and the connection is not kept; reads go on', async () => {
  const stopping = new AbortController();
  const app = serverOf({ stopping: stopping.signal });
  stopping.abort();
  const payload = { showId, lines: [{ poolId: standing, quantity: 1 }] };
  const refused = await app.inject({ method: 'POST', url: '/v1/reservations', headers: asAlice, payload });
  assert.equal([refused.statusCode, refused.json().code], [503, 'stopping']);
  assert.equal([refused.headers.connection, refused.headers['retry-after']], ['close', '1']);
  const read = await app.inject('/v1/shows');
  assert.equal([read.statusCode, read.headers.connection], [200, 'close']);
  await app.close();
});

test('requests in flight are finished, keep-alive connections let go, and then it has stopped', async () => {
  let begin = (): void => {};
  let finish = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const app = serverOf({
    routes: [
      async (routes) => {
        routes.get('/slow', async () => {
          begin();
          await finished;
          return { done: true };
        });
      },
    ],
  });
  const agent = new Agent({ keepAlive: true });
  const asked = get({ port: await portOf(app), host: '127.0.0.1', path: '/slow', agent });
  const answered = once(asked, 'response');
  await begun;
  const stopped = stopServer(app, { graceMs: 15_000 });
  while (app.server.listening) await nextTurn();
  finish();
  const [response] = await answered;
  assert.is(await readAll(response), '{"done":true}');
  const before = performance.now();
  await stopped;
  assert.ok(performance.now() - before < 5_000 * patience(), 'a kept connection does not hold it up');
  agent.destroy();
});

test('what does not finish within the grace is cut', async () => {
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const app = serverOf({
    routes: [
      async (routes) => {
        routes.get('/never', () => {
          begin();
          return new Promise(() => {});
        });
      },
    ],
  });
  const asked = request({ port: await portOf(app), host: '127.0.0.1', path: '/never' });
  const broken = once(asked, 'error');
  asked.end();
  await begun;
  await stopServer(app, { graceMs: 20 });
  await broken;
});
