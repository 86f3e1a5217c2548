import { connect } from 'node:net';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { keysOf } from '../../src/log/keys.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { call, getReservation, openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { openRedis } from '../support/open-redis.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('processes', { timeoutMs: 30_000 });

// The partition of this file's shows.
const partition = 3;

let backends: Backends;
let showId: string;

test.before(async () => {
  backends = await startBackends();
});

test.after(() => backends.remove());

test('all three roles work in one process', async () => {
  const all = await startOnsale({ roles: ['command', 'query', 'projector'], ...backends.urls });
  try {
    showId = await openShow(all.url, { stalls: 10 }, { partition });
    const { status, body } = await reserve(all.url, { customer: 'ann', showId, quantity: 3, wait: 30 });
    assert.is(status, 201);
    const show = await call(`${all.url}/v1/shows/${showId}`);
    assert.match(JSON.stringify(show.body), '"available":7');
    assert.is((await getReservation(all.url, String(body['id']), 'ann')).body['status'], 'confirmed');
    for (const probe of [`${all.opsUrl}/livez`, `${all.opsUrl}/readyz`, `${all.url}/readyz`])
      assert.is((await call(probe)).status, 200);
  } finally {
    assert.is(await all.stop(), 0);
  }
});

test('what the door refused is counted by reason, and the log says so', async () => {
  const api = await startOnsale({ roles: ['command'], ...backends.urls });
  const unknown = { customer: 'ann', showId, quantity: 1, poolId: 'balcony' };
  const refused = await reserve(api.url, unknown);
  assert.equal([refused.status, refused.body['instance']], [422, undefined]);
  await api.stop();
  assert.match(api.log.join('\n'), '"refused":{"unknown-pool":1}');
});

const entriesOnStream = async (): Promise<number> => {
  const redis = await openRedis(backends.redis.url);
  try {
    return await redis.xlen(keysOf(partition).requests);
  } finally {
    redis.disconnect();
  }
};

test('SIGTERM while somebody waits for a decision: answered 202 at once, exit code 0', async () => {
  const api = await startOnsale({ roles: ['command'], ...backends.urls });
  const before = await entriesOnStream();
  const waiting = reserve(api.url, { customer: 'ann', showId, quantity: 1, wait: 30 });
  assert.ok(await waitUntil(async () => (await entriesOnStream()) > before, { limitMs: 10_000 }));
  const stopped = api.stop();
  const answer = await waiting;
  assert.is(answer.status, 202, JSON.stringify(answer.body));
  assert.is(answer.body['status'], 'pending');
  assert.is(await stopped, 0);
});

/** A POST of which only the first half has been sent; `finish` sends the rest, and another POST after it. */
const halfARequest = async (api: Onsale) => {
  const body = JSON.stringify({ showId, lines: [{ poolId: 'stalls', quantity: 1 }] });
  const head = [
    'POST /v1/reservations HTTP/1.1',
    'Host: onsale',
    'X-Customer-Id: ann',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ].join('\r\n');
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  let answers = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answers += text;
  });
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(answers)));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(`${head}\r\n\r\n${body.slice(0, 10)}`);
  return {
    finish: (): Promise<string> => {
      socket.write(`${body.slice(10)}${head}\r\n\r\n${body}`);
      return ended;
    },
  };
};

test('SIGTERM: probes say 503, what was under way is finished, what comes behind it is refused as stopping', async () => {
  const api = await startOnsale({ roles: ['command'], ...backends.urls });
  const half = await halfARequest(api);
  // The headers have been read once a later request is answered.
  assert.is((await call(`${api.url}/livez`)).status, 200);
  const stopped = api.stop();
  const readiness = async (): Promise<unknown> => (await call(`${api.opsUrl}/readyz`)).body['status'];
  assert.ok(await waitUntil(async () => (await readiness()) === 'stopping', { limitMs: 10_000 }));
  assert.is((await call(`${api.opsUrl}/readyz`)).status, 503);
  const answers = await half.finish();
  assert.match(answers, /^HTTP\/1\.1 202 [\s\S]*HTTP\/1\.1 503 [\s\S]*"code":"stopping"/);
  assert.is(await stopped, 0);
});

test('a projector says on its own port whether it is ready', async () => {
  const projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  const ready = await call(`${projector.opsUrl}/readyz`);
  assert.is(ready.status, 200);
  assert.is((await call(`${projector.opsUrl}/livez`)).status, 200);
  await backends.redis.kill('SIGKILL');
  const isUnready = async (): Promise<boolean> => (await call(`${projector.opsUrl}/readyz`)).status === 503;
  assert.ok(await waitUntil(isUnready, { limitMs: 10_000 }));
  assert.is((await call(`${projector.opsUrl}/livez`)).status, 200);
  await backends.redis.restart();
  assert.ok(await waitUntil(async () => !(await isUnready()), { limitMs: 10_000 }));
  assert.is(await projector.stop(), 0);
});
