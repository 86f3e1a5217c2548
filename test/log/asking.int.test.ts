import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { boundsAt } from '../../src/domain/server-time.ts';
import { closeConnection, connect } from '../../src/log/connection/connect.ts';
import { newBacklogs } from '../../src/log/door/backlogs.ts';
import { newBoards } from '../../src/log/door/boards.ts';
import { boardKey, keysOf } from '../../src/log/keys.ts';
import { newLogTail } from '../../src/log/outcomes/tail.ts';
import { showId } from '../domain/generate.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { silent } from './redis-log-world.ts';
import { runIdOf } from './run-id-of.ts';

const test = suite('asking Redis');

let server: OwnServer;
let redis: Redis;

test.before(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
});
test.before.each(async () => {
  await redis.flushall();
});
test.after(async () => {
  await redis.quit();
  await server.remove();
});

const until = (condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { limitMs: 10_000, everyMs: 5 });

/** How often the server has executed a command. */
const calls = async (command: string): Promise<number> =>
  Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await redis.info('commandstats'))?.[1] ?? 0);

test('a board is asked for once in half a second, and what is missing is asked for again', async () => {
  let now = 0;
  const boards = newBoards({ nodeOf: () => redis, monotonicMs: () => now });
  const show = showId(1);
  await redis.set(boardKey(0, show), '{"v":1,"revision":1,"rules":{},"pools":["standing"]}');
  const before = await calls('mget');
  await Promise.all(Array.from({ length: 100 }, () => boards.view(show)));
  now = 499;
  assert.is((await boards.view(show)).type, 'board');
  assert.is((await calls('mget')) - before, 1);
  now = 500;
  await boards.view(show);
  assert.is((await calls('mget')) - before, 2);
  await boards.view(showId(2));
  await boards.view(showId(2));
  assert.is((await calls('mget')) - before, 4);
});

test('a server that was demoted calls no show unknown: the board may be on the new primary', async () => {
  const boards = newBoards({ nodeOf: () => redis });
  await redis.set(keysOf(0).boardsSealed, await runIdOf(redis));
  assert.is((await boards.view(showId(1))).type, 'unknown-show');
  await redis.replicaof('127.0.0.1', 1);
  try {
    assert.is((await boards.view(showId(1))).type, 'no-board');
  } finally {
    await redis.replicaof('NO', 'ONE');
  }
});

test('a server that was promoted calls no show unknown by the mark of the one before: it may have got the mark alone', async () => {
  const boards = newBoards({ nodeOf: () => redis });
  for (const former of ['f'.repeat(40), '1']) {
    await redis.set(keysOf(0).boardsSealed, former);
    assert.is((await boards.view(showId(1))).type, 'no-board');
  }
});

test('the time of Redis comes with a board, as often as boards are asked for and within the moments of the question', async () => {
  const boards = newBoards({ nodeOf: () => redis });
  await redis.set(boardKey(0, showId(1)), '{"v":1,"revision":1,"rules":{},"pools":[]}');
  const before = await calls('time');
  const [earliest, sentMs] = [Date.now(), performance.now()];
  const views = await Promise.all(Array.from({ length: 100 }, () => boards.view(showId(1))));
  const [answeredMs, latest] = [performance.now(), Date.now()];
  assert.is((await calls('time')) - before, 1);
  const [view] = views;
  assert.ok(view?.type === 'board' && view.time);
  const { time } = view;
  assert.ok(sentMs <= time.sentMs && time.sentMs <= time.answeredMs && time.answeredMs <= answeredMs);
  // Redis runs on this machine, so its clock is ours; TIME is converted to whole milliseconds.
  assert.ok(earliest - 1 <= time.timeMs && time.timeMs <= latest + 1);
  const bounds = boundsAt(time, performance.now());
  assert.ok(
    bounds && bounds.lowerMs <= Date.now() + 1 && Date.now() - 5 <= bounds.upperMs,
    JSON.stringify(bounds),
  );
});

test('board and time are asked for in one write', async () => {
  const control = await connect({ url: server.url, kind: 'control', name: 'test', logger: silent });
  const writes: string[] = [];
  const { stream } = control;
  const write = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array) => {
    writes.push(stream.writableCorked > 0 ? 'together' : 'alone');
    return write(chunk);
  };
  await newBoards({ nodeOf: () => control }).view(showId(1));
  assert.equal(writes, ['together', 'together']);
  await closeConnection(control);
});

test('where a rule forbids the time, the board is seen without it', async () => {
  await redis.acl('SETUSER', 'timeless', 'on', '>timeless', '~*', '+@all', '-time');
  const url = server.url.replace('redis://', 'redis://timeless:timeless@');
  const control = await connect({ url, kind: 'control', name: 'test', logger: silent });
  await redis.set(boardKey(0, showId(1)), '{"v":1,"revision":1,"rules":{},"pools":[]}');
  const view = await newBoards({ nodeOf: () => control }).view(showId(1));
  assert.ok(view.type === 'board' && view.time === undefined, JSON.stringify(view));
  await closeConnection(control);
});

test('only so many boards are kept, the last ones asked for', async () => {
  const boards = newBoards({ nodeOf: () => redis, showsMax: 2, monotonicMs: () => 0 });
  const board = '{"v":1,"revision":1,"rules":{},"pools":[]}';
  for (const n of [1, 2, 3]) await redis.set(boardKey(0, showId(n)), board);
  for (const n of [1, 2, 3]) await boards.view(showId(n));
  const before = await calls('mget');
  for (const n of [2, 3]) await boards.view(showId(n));
  assert.is((await calls('mget')) - before, 0);
  await boards.view(showId(1));
  assert.is((await calls('mget')) - before, 1);
});

test('a board that cannot be seen lets everything through', async () => {
  const proxy = await startTcpProxy(server.url);
  const control = await connect({
    url: proxy.url,
    kind: 'control',
    name: 'test',
    logger: silent,
    commandMs: 500,
  });
  const boards = newBoards({ nodeOf: () => control });
  await redis.set(boardKey(0, showId(1)), 'no board of ours');
  assert.equal(await boards.view(showId(1)), { type: 'no-board' });
  proxy.swallowReplies();
  assert.equal(await boards.view(showId(1)), { type: 'no-board' });
  await closeConnection(control);
  assert.equal(await boards.view(showId(1)), { type: 'no-board' });
  await proxy.close();
});

test('questions for the tail share an answer only until it is asked for', async () => {
  const tail = newLogTail(() => redis);
  const append = () => redis.xadd(keysOf(0).requests, '*', 'v', '1');
  await append();
  const before = await calls('xinfo\\|stream');
  await Promise.all(Array.from({ length: 50 }, () => tail.lastId(0)));
  assert.is((await calls('xinfo\\|stream')) - before, 1);
  const early = tail.lastId(0);
  await new Promise(setImmediate);
  // One query is in flight. A call after this append must see the append.
  const id = await append();
  assert.is(await tail.lastId(0), id);
  await early;
});

test('a backlog is what nobody has read, at the rate of late, told without waiting for Redis', async () => {
  let now = 0;
  const backlogs = newBacklogs({ nodeOf: () => redis, monotonicMs: () => now });
  const { requests } = keysOf(0);
  const add = async (count: number) => {
    for (let n = 0; n < count; n += 1) await redis.xadd(requests, '*', 'v', '1');
  };
  const readSome = (count: number) =>
    redis.xreadgroup('GROUP', 'projectors', 'owner', 'COUNT', count, 'NOACK', 'STREAMS', requests, '>');
  await redis.xgroup('CREATE', requests, 'projectors', '0', 'MKSTREAM');
  await add(100);
  await readSome(10);
  assert.equal(backlogs.of(0), { entries: 0, waitSeconds: undefined, memoryUsed: 0 });
  assert.ok(await until(async () => backlogs.of(0).entries === 90));
  await readSome(40);
  now = 999;
  assert.is(backlogs.of(0).entries, 90);
  now = 1_000;
  backlogs.of(0);
  assert.ok(await until(async () => backlogs.of(0).entries === 50));
  assert.is(backlogs.of(0).waitSeconds, 50 / 40);
  now = 4_000;
  assert.is(backlogs.of(0).entries, 0, 'an old answer says nothing of now');
});

test('the share of memory is told as Redis counts it against its limit', async () => {
  await redis.config('SET', 'maxmemory', '1gb');
  const backlogs = newBacklogs({ nodeOf: () => redis });
  backlogs.of(7);
  assert.ok(await until(async () => backlogs.of(7).memoryUsed > 0));
  assert.ok(backlogs.of(7).memoryUsed < 0.1);
  await redis.config('SET', 'maxmemory', '0');
});
