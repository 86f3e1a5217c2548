import type { FastifyInstance } from 'fastify';
import { waitingMax } from '../../../src/http/connection/in-turn.ts';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { until } from '../../query/update-world.ts';
import { assert, suite } from '../../support/suite.ts';
import { serverOf } from '../fakes.ts';
import { head, openWire, post, untilAllGone } from '../wire.ts';

const test = suite('http: requests of one connection, in turn');

/** GET /n/:n and POST /n/:n answer when the test says so; /now answers at once. */
const openServer = () => {
  const begun: string[] = [];
  const left: string[] = [];
  const waiting = new Map<string, () => void>();
  const answer = (n: string): void => {
    waiting.get(n)?.();
    waiting.delete(n);
  };
  const routes = async (app: FastifyInstance): Promise<void> => {
    app.get('/now', async () => ({ now: true }));
    app.get('/last', async (_request, reply) => reply.header('connection', 'close').send({}));
    app.route<{ Params: { n: string } }>({
      method: ['GET', 'POST'],
      url: '/n/:n',
      handler: async ({ params: { n }, body }, reply) => {
        begun.push(n);
        reply.raw.once('close', () => left.push(n));
        const answered = newDeferred<void>();
        waiting.set(n, () => answered.resolve());
        await answered.promise;
        return { n, body };
      },
    });
  };
  const app = serverOf({ routes: [routes] });
  return { app, begun, left, answer };
};

test('the next request is begun when the one before it is answered, and each gets its answer', async () => {
  const { app, begun, answer } = openServer();
  const lines =
    head('GET /n/1') + post('/n/2', { a: 1 }) + head('HEAD /n/3') + head('GET /now') + head('GET /n/4');
  const { heard, statuses, socket } = await openWire(app, lines);
  for (const n of ['1', '2', '3', '4']) {
    await until(() => begun.at(-1) === n);
    assert.equal(begun.length, Number(n), 'nothing else has begun');
    answer(n);
  }
  await until(() => statuses().length === 5);
  assert.equal(statuses(), [200, 200, 200, 200, 200]);
  assert.equal(
    [...heard().matchAll(/\{.*\}/g)].map(([body]) => body),
    ['{"n":"1"}', '{"n":"2","body":{"a":1}}', '{"now":true}', '{"n":"4"}'],
  );
  socket.destroy();
  await app.close();
});

test('what waits behind an unanswered request goes with its connection, and is never begun', async () => {
  for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
    const { app, begun, left, answer } = openServer();
    const { socket } = await openWire(app, head('GET /n/1') + post('/n/2', {}) + head('GET /n/3'));
    await until(() => begun.length === 1);
    socket[leave]();
    await until(() => left.length === 1);
    answer('1');
    await untilAllGone(app);
    assert.equal([begun, left], [['1'], ['1']], leave);
    await app.close();
  }
});

test('what waits behind the last answer of a connection is not begun either', async () => {
  const { app, begun } = openServer();
  const { statuses, closes } = await openWire(app, head('GET /now') + head('GET /last') + head('GET /n/1'));
  assert.ok(await closes());
  assert.equal([begun, statuses()], [[], [200, 200]]);
  await app.close();
});

test(`${waitingMax} requests may wait; a client that pipelines more is cut off, and none of them is begun`, async () => {
  const { app, begun, left, answer } = openServer();
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, at) => head(at === 0 ? 'GET /n/1' : 'GET /now')).join('');
  const most = await openWire(app, lines(1 + waitingMax));
  await until(() => begun.length === 1);
  answer('1');
  await until(() => most.statuses().length === 1 + waitingMax);
  // Answered requests no longer count.
  most.socket.write(lines(1 + waitingMax));
  await until(() => begun.length === 2);
  answer('1');
  await until(() => most.statuses().length === 2 * (1 + waitingMax));
  most.socket.destroy();

  const more = await openWire(app, lines(2 + waitingMax));
  assert.ok(await more.closes(), 'it is cut off');
  await until(() => left.length === 3);
  assert.equal([more.heard(), begun.length], ['', 3]);
  await app.close();
});

test('a request with a long body does not wait: it would hide that its client has left', async () => {
  const long = 'x'.repeat(100_000);
  for (const behind of [
    head('POST /n/2', { 'Content-Length': String(long.length) }, long),
    head(
      'POST /n/2',
      { 'Transfer-Encoding': 'chunked' },
      `${long.length.toString(16)}\r\n${long}\r\n0\r\n\r\n`,
    ),
  ]) {
    const { app, begun, left } = openServer();
    const { closes } = await openWire(app, head('GET /n/1') + behind);
    assert.ok(await closes(), 'it is cut off');
    await until(() => left.length === 1);
    assert.equal([begun, left], [['1'], ['1']]);
    await app.close();
  }
});
