import type { FastifyInstance } from 'fastify';
import type { Logger } from '../../../src/domain/ports.ts';
import {
  type Answer,
  acceptedAs,
  type RequestObserver,
  type RequestTrace,
} from '../../../src/http/observe/observe-requests.ts';
import { ProblemError } from '../../../src/http/problems/problem.ts';
import { sendProblem } from '../../../src/http/problems/send-problem.ts';
import { buildServer } from '../../../src/http/server.ts';
import { until } from '../../query/update-world.ts';
import { assert, suite } from '../../support/suite.ts';
import { head, openWire } from '../wire.ts';

const test = suite('requests that are watched');

const traceId = 'a'.repeat(32);

interface Watched {
  readonly app: FastifyInstance;
  readonly counted: string[];
  readonly ended: Answer[];
  readonly said: object[];
  readonly events: object[];
}

/** Samples requests that ask for it in a header, and keeps every trace that it is asked to keep. */
const watchedServer = async ({ slowMs = 60_000, traces = true } = {}): Promise<Watched> => {
  const [counted, ended, said, events]: [string[], Answer[], object[], object[]] = [[], [], [], []];
  const trace: RequestTrace = {
    context: { traceId, spanId: 'b'.repeat(16) },
    end: (answer) => void ended.push(answer),
  };
  const observer: RequestObserver = {
    slowMs,
    accepted: () => undefined,
    counterOf: (method, route) => (status, _elapsedMs, id) =>
      void counted.push(`${method} ${route} ${status} ${id === undefined ? '-' : 'traced'}`),
    ...(traces && { traces: { begin: (wish) => (wish === 'yes' ? trace : undefined), keep: () => trace } }),
  };
  const note = (fields: object): void => void said.push(fields);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const routes = async (app: FastifyInstance): Promise<void> => {
    app.get('/fine/:id', async (_request, reply) => {
      events.push(acceptedAs(reply, { type: 'asked' }));
      return reply.send({});
    });
    app.get('/refused', async (_request, reply) => sendProblem(reply, { code: 'sold-out', detail: '' }));
    app.get('/away', async () => {
      throw new ProblemError({ code: 'overloaded', detail: '' });
    });
    app.get('/bug', async () => {
      throw new Error('a bug');
    });
    app.get('/never', () => new Promise(() => {}));
    app.get('/begun', (_request, reply) => void reply.hijack().raw.writeHead(200).write('x'));
  };
  const app = buildServer({ routes: [routes], logger, stopping: new AbortController().signal, observer });
  return { app, counted, ended, said, events };
};

const wish = { traceparent: 'yes' };

test('each answer is counted by its route, never by its address, and what nobody serves together', async () => {
  const { app, counted } = await watchedServer();
  for (const url of ['/fine/1', '/fine/2', '/nowhere/1', '/nowhere/2']) await app.inject(url);
  assert.equal(counted, ['GET /fine/:id 200 -', 'GET /fine/:id 200 -', '  404 -', '  404 -']);
});

test('a sampled request takes its trace to the stream, and others take none', async () => {
  const { app, events, ended, counted } = await watchedServer();
  await app.inject('/fine/1');
  await app.inject({ url: '/fine/1', headers: wish });
  assert.equal(events, [{ type: 'asked' }, { type: 'asked', trace: { traceId, spanId: 'b'.repeat(16) } }]);
  assert.equal(ended, [{ method: 'GET', route: '/fine/:id', status: 200 }]);
  assert.is(counted.at(-1), 'GET /fine/:id 200 traced');
});

test('a problem names the trace of its request, where one is kept', async () => {
  const { app } = await watchedServer();
  assert.is((await app.inject({ url: '/refused', headers: wish })).json().trace_id, traceId);
  assert.is((await app.inject('/refused')).json().trace_id, undefined);
});

test('an error of ours is traced although nobody sampled it, and named in the answer and in the log', async () => {
  const { app, ended, said } = await watchedServer();
  const answer = await app.inject('/bug');
  assert.is(answer.json().trace_id, traceId);
  assert.equal(ended, [{ method: 'GET', route: '/bug', status: 500 }]);
  assert.match(JSON.stringify(said), `"trace_id":"${traceId}"`);
  assert.is((await app.inject('/away')).json().trace_id, traceId);
});

test('where no traces are kept, problems are as they were', async () => {
  const { app } = await watchedServer({ traces: false });
  assert.is((await app.inject({ url: '/bug', headers: wish })).json().trace_id, undefined);
});

test('a slow request is logged and traced, a client that asked to wait is not slow, and no other has a line', async () => {
  const fast = await watchedServer();
  await fast.app.inject('/fine/1');
  assert.equal(fast.said, []);
  const { app, said, ended } = await watchedServer({ slowMs: 0 });
  await app.inject({ url: '/fine/1', headers: { prefer: 'wait=5' } });
  assert.equal(said, []);
  await app.inject('/fine/1');
  assert.is(ended.length, 1);
  assert.match(JSON.stringify(said), '"route":"/fine/:id"');
});

test('the trace of a request whose client left ends too, with what was answered until then', async () => {
  const { app, ended } = await watchedServer();
  for (const path of ['/never', '/begun']) {
    const { socket, statuses } = await openWire(app, head('GET /refused', wish) + head(`GET ${path}`, wish));
    await until(() => statuses().length === (path === '/begun' ? 2 : 1));
    socket.destroy();
  }
  await until(() => ended.length === 4);
  await app.close();
  const refused = { method: 'GET', route: '/refused', status: 409 };
  assert.equal(ended, [
    refused,
    { method: 'GET', route: '/never', status: undefined },
    refused,
    { method: 'GET', route: '/begun', status: 200 },
  ]);
});
