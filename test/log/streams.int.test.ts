import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { beforeAll, newStreamId } from '../../src/domain/stream-id.ts';
import { parseFields } from '../../src/log/connection/replies.ts';
import { loadStreamScript } from '../../src/log/connection/scripts.ts';
import type { ReadVerdict } from '../../src/log/contract.ts';
import { keysOf } from '../../src/log/keys.ts';
import { openApiLog, openProjectorLog, type ProjectorLog } from '../../src/log/redis-log.ts';
import { runScript } from '../../src/shared/redis-script.ts';
import { appendAll, type LogWorld, partition, token } from '../contract/log-world.ts';
import { showId } from '../domain/generate.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { newRedisWorld, silent } from './redis-log-world.ts';
import { idsIn, numbersIn, requestOf } from './requests.ts';

const test = suite('streams on Redis');
const { requests, lease, lateFrom } = keysOf(partition);

let server: OwnServer;
let redis: Redis;
let world: LogWorld;

test.before(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
});
test.before.each(async () => {
  world = await newRedisWorld(server.url);
  await world.setLease(partition, token);
});
test.after.each(() => world.close());
test.after(async () => {
  await redis.quit();
  await server.remove();
});

const requestsFrom = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => requestOf(partition, from + n));

const read = (reset: 'reset' | 'go on', watermark = beforeAll, count = 100): Promise<ReadVerdict> =>
  world.log.read({ partition, leaseToken: token, count, watermark, reset: reset === 'reset' });

const lag = async (): Promise<unknown> => {
  const groups: unknown = await redis.xinfo('GROUPS', requests);
  return Array.isArray(groups) ? parseFields(groups[0]).get('lag') : undefined;
};

test('the lag of the group stays exact through reads, resets, trims, lifts and a lost group', async () => {
  const ids = await appendAll(world, requestsFrom(0, 400));
  await read('reset', beforeAll, 100);
  assert.is(await lag(), 300);
  await read('reset', ids[49], 20);
  assert.is(await lag(), 330);
  await read('go on', ids[69], 200);
  assert.is(await lag(), 130);
  const trimmed = async () => {
    await world.log.trim({ partition, leaseToken: token, watermark: ids[269] ?? beforeAll });
    return (await redis.xlen(requests)) < 400;
  };
  assert.ok(await waitUntil(trimmed, { limitMs: 5_000 }));
  assert.is(await lag(), 130);
  await read('reset', ids[259], 1);
  assert.is(await lag(), 139);
  await redis.xgroup('DESTROY', requests, 'projectors');
  await read('reset', ids[299], 10);
  const left = (await redis.xlen(requests)) - 10;
  assert.is(await lag(), left);
  await world.log.lift({
    partition,
    leaseToken: token,
    watermark: newStreamId('99999999999999', 0),
    judgedMs: 0,
    inFlightMax: 0,
  });
  assert.is(await lag(), left);
  await appendAll(world, requestsFrom(400, 405));
  assert.is(await lag(), left + 5);
  await read('go on', ids[309], 1_000);
  assert.is(await lag(), 0);
});

test('the lag of a stream that was trimmed to nothing and lifted is known', async () => {
  const [id] = await appendAll(world, requestsFrom(0, 1));
  await read('reset');
  await redis.xtrim(requests, 'MAXLEN', 0);
  await world.log.lift({
    partition,
    leaseToken: token,
    watermark: newStreamId('99999999999999', 0),
    judgedMs: 0,
    inFlightMax: 0,
  });
  await read('reset', id);
  assert.is(await lag(), 0);
});

test('a read of ours that reaches Redis late makes us skip nothing', async () => {
  const ids = await appendAll(world, requestsFrom(0, 6));
  await read('reset', beforeAll, 2);
  // A read that was sent earlier and timed out is executed only now: it takes 2 and 3, and its reply reaches
  // no caller.
  const late = loadStreamScript('fenced-read');
  const args = [token, 2, beforeAll, ids[1] ?? '', 'projectors', 'owner'];
  await runScript(() => redis, late, { keys: [lease, requests, lateFrom], args });
  assert.equal(numbersIn(await read('go on', ids[1], 2)), [2, 3]);
  assert.equal(numbersIn(await read('go on', ids[3], 2)), [4, 5]);
});

test('on another connection than the last read, going on reads nothing: the server may have gone back', async () => {
  const ids = await appendAll(world, requestsFrom(0, 3));
  await read('reset', beforeAll, 2);
  const clients = String(await redis.client('LIST')).split('\n');
  for (const line of clients.filter((client) => client.includes('name=onsale-test-control')))
    await redis.client('KILL', 'ID', /id=(\d+)/.exec(line)?.[1] ?? '0');
  const lift = () =>
    world.log.lift({ partition, leaseToken: token, watermark: beforeAll, judgedMs: 0, inFlightMax: 0 });
  const isBack = () =>
    lift().then(
      () => true,
      () => false,
    );
  assert.ok(await waitUntil(isBack, { limitMs: 5_000 }));
  assert.equal(await read('go on', ids[1]), { type: 'reconnected' });
  assert.equal(numbersIn(await read('reset', ids[1])), [2]);
});

test('a new process under the same lease token starts from the watermark, even if it does not ask to', async () => {
  const ids = await appendAll(world, requestsFrom(0, 3));
  await read('reset');
  const other = await openProjectorLog({
    url: server.url,
    name: 'other',
    logger: silent,
    retentionMs: 1,
    maxEntries: 1,
  });
  const verdict = await other.partitionLog.read({
    partition,
    leaseToken: token,
    count: 10,
    watermark: ids[0] ?? beforeAll,
    reset: false,
  });
  await other.close();
  assert.equal(idsIn(verdict), ids.slice(1));
});

test('at maxmemory an append is refused, and reading, trimming, lifting and boards go on', async () => {
  const ids = await appendAll(world, requestsFrom(0, 300));
  await redis.config('SET', 'maxmemory', '1');
  try {
    assert.is((await world.appender.append(partition, requestOf(partition, 300))).type, 'refused');
    const task = { partition, leaseToken: token, watermark: newStreamId('99999999999999', 0) };
    // All of them are late, so a note has to be written as well.
    assert.equal(idsIn(await read('reset', task.watermark, 300)), ids);
    assert.is(await redis.get(lateFrom), beforeAll);
    assert.equal(idsIn(await read('go on', task.watermark)), []);
    assert.is(await world.log.lift({ ...task, judgedMs: 0, inFlightMax: 0 }), 'lifted');
    await world.log.markBoardsComplete({ partition, leaseToken: token });
    const board = { showId: showId(1, partition), revision: 1, rules: {}, pools: [] };
    await world.log.publish({ partition, leaseToken: token, outcomes: [], boards: [{ board, full: [] }] });
    const trimmed = async () => {
      await world.log.trim(task);
      return (await redis.xlen(requests)) < 300;
    };
    assert.ok(await waitUntil(trimmed, { limitMs: 5_000 }));
  } finally {
    await redis.config('SET', 'maxmemory', '0');
  }
});

test('a stream above its size keeps proportionally less, and never less than what is undecided', async () => {
  const small: ProjectorLog = await openProjectorLog({
    url: server.url,
    name: 'small',
    logger: silent,
    retentionMs: 3_600_000,
    maxEntries: 100,
  });
  // One entry a second for a quarter of an hour, ending now: 900, where 100 are allowed.
  const [seconds] = await redis.time();
  for (let n = 0; n < 900; n += 1) {
    await world.appendAt(
      partition,
      newStreamId(Number(seconds) * 1_000 - (900 - n) * 1_000, 0),
      requestOf(partition, n),
    );
  }
  await read('reset', beforeAll, 900);
  const ids = await world.idsOf(partition);
  await small.partitionLog.trim({ partition, leaseToken: token, watermark: ids[799] ?? beforeAll });
  const left = await world.idsOf(partition);
  await small.close();
  assert.ok(left.length < 900, 'nothing was dropped');
  assert.equal(left.slice(-101), ids.slice(799));
});

test('P may grow, and never shrink', async () => {
  const log = await openApiLog({
    url: server.url,
    name: 'test',
    logger: silent,
    durability: 'disk',
    lookUp: async () => new Map(),
  });
  try {
    await log.agreePartitions(16);
    await log.agreePartitions(16);
    await log.agreePartitions(32);
    const refusal = await log.agreePartitions(16).then(
      () => 'agreed',
      (error: Error) => error.message,
    );
    assert.match(refusal, /is 16, but Redis already uses 32/);
    await redis.hset('onsale:settings', 'rule', 'another');
    const other = await log.agreePartitions(32).then(
      () => 'agreed',
      (error: Error) => error.message,
    );
    assert.match(other, /"another"/);
  } finally {
    await log.close();
  }
});
