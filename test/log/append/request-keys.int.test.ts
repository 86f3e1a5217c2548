import { Redis } from 'ioredis';
import { newRequestKeys } from '../../../src/log/append/request-keys.ts';
import { closeConnection, connect } from '../../../src/log/connection/connect.ts';
import type { RequestKeys } from '../../../src/log/contract.ts';
import { requestKeyKey } from '../../../src/log/keys.ts';
import { type OwnServer, startOwnRedis } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { silent } from '../redis-log-world.ts';
import { reservationIdOf } from '../requests.ts';

const test = suite('request keys, on Redis');

let server: OwnServer;
let redis: Redis;
let requestKeys: RequestKeys;

test.before(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
  requestKeys = newRequestKeys(() => redis);
});
test.before.each(async () => {
  await redis.flushall();
});
test.after(async () => {
  await redis.quit();
  await server.remove();
});

const key = { hash: 'a'.repeat(32), fingerprint: 'b'.repeat(32) };
const name = requestKeyKey(key.hash);
const id = reservationIdOf(3, 1);

const rejects = async (promise: Promise<unknown>, why: RegExp): Promise<void> => {
  const outcome = await promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );
  assert.match(outcome, why);
};

test('a claim is remembered for a quarter of an hour from the first, in a slot of its own', async () => {
  await requestKeys.claim(key, id);
  assert.is(name, `onsale:key:{${key.hash}}`);
  assert.is(await redis.get(name), `${id} ${key.fingerprint}`);
  const ttl = await redis.pttl(name);
  assert.ok(ttl > 890_000 && ttl <= 900_000, `${ttl} ms`);
  await redis.pexpire(name, 5_000);
  await requestKeys.claim(key, id);
  assert.ok((await redis.pttl(name)) <= 5_000, 'a retry made it young again');
});

test('claims and questions of one turn of the event loop reach the server in one packet', async () => {
  const proxy = await startTcpProxy(server.url);
  const client = await connect({ url: proxy.url, kind: 'control', name: 'test', logger: silent });
  const keys = newRequestKeys(() => client);
  await keys.owner(key);
  let packets = 0;
  proxy.treat = () => {
    packets += 1;
    return 'pass';
  };
  const hashes = Array.from({ length: 40 }, (_, n) => n.toString(16).padStart(32, '0'));
  const owners = await Promise.all([
    ...hashes.map((hash) => keys.claim({ ...key, hash }, id)),
    ...hashes.map((hash) => keys.owner({ ...key, hash })),
  ]);
  assert.ok(owners.every((owner) => owner?.requestId === id));
  assert.is(packets, 1);
  await closeConnection(client);
  await proxy.close();
});

test('a claim is one command', async () => {
  const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  await commands();
  const before = await commands();
  await requestKeys.claim(key, id);
  assert.is((await commands()) - before - 1, 1);
});

test('what is no owner is an error, not somebody', async () => {
  for (const value of [
    '',
    id,
    `${id} `,
    `${id} ${key.fingerprint} x`,
    `x ${key.fingerprint}`,
    `${id} ${'g'.repeat(32)}`,
  ]) {
    await redis.set(name, value);
    await rejects(requestKeys.owner(key), /owner of a key/);
    await rejects(requestKeys.claim(key, id), /owner of a key/);
  }
});

test('a full Redis is an error for a claim, while owners are still told', async () => {
  await requestKeys.claim(key, id);
  await redis.config('SET', 'maxmemory', '1');
  try {
    await rejects(requestKeys.claim({ ...key, hash: 'c'.repeat(32) }, id), /OOM/);
    assert.equal(await requestKeys.owner(key), { requestId: id, fingerprint: key.fingerprint });
  } finally {
    await redis.config('SET', 'maxmemory', '0');
  }
});

test('a lost reply is an error, and the claim is found by whoever asks again', async () => {
  const proxy = await startTcpProxy(server.url);
  const options = { url: proxy.url, kind: 'control', name: 'test', logger: silent, commandMs: 500 } as const;
  const control = await connect(options);
  const keys = newRequestKeys(() => control);
  proxy.swallowReplies();
  await rejects(keys.claim(key, id), /timed out/);
  assert.is((await requestKeys.claim(key, reservationIdOf(3, 2))).requestId, id);
  await closeConnection(control);
  await rejects(keys.owner(key), /./);
  await proxy.close();
});
