import { join } from 'node:path';
import { waitUntil } from '../../../infra/local/wait-until.ts';
import type { Logger } from '../../../src/domain/ports.ts';
import { beforeAll } from '../../../src/domain/stream-id.ts';
import { type ConnectOptions, closeConnection, connect } from '../../../src/log/connection/connect.ts';
import { isReady } from '../../../src/log/connection/readiness.ts';
import { openProjectorLog } from '../../../src/log/redis-log.ts';
import { type OwnServer, startOwnRedis } from '../../support/servers.ts';
import { assert, suite } from '../../support/suite.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { silent } from '../redis-log-world.ts';

const test = suite('connections to Redis');

let server: OwnServer;
test.before(async () => {
  server = await startOwnRedis();
});
test.after(() => server.remove());

const until = (condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { limitMs: 10_000, everyMs: 5 });

const failure = async (url: string, options: Partial<ConnectOptions> = {}): Promise<string> => {
  const connecting = connect({ url, kind: 'control', name: 'test', logger: silent, ...options });
  return connecting.then(
    () => 'connected',
    (error: Error) => error.message,
  );
};

test('a server that is not there is named in one line, with the reason and without the password', async () => {
  const message = await failure('redis://someone:secret@127.0.0.1:1/0', { firstMs: 200 });
  assert.is(
    message,
    'cannot use Redis at redis://someone:***@127.0.0.1:1/0: connect ECONNREFUSED 127.0.0.1:1',
  );
});

test('a server that never answers is given up', async () => {
  const proxy = await startTcpProxy(server.url);
  proxy.swallowReplies();
  assert.match(await failure(proxy.url, { firstMs: 200 }), /no answer within 200 ms/);
  await proxy.close();
});

test('a second error of one socket ends no process', async () => {
  const redis = await connect({ url: server.url, kind: 'control', name: 'test', logger: silent });
  const { stream } = redis;
  for (const what of ['certificate refused', 'tlsv1 alert decode error', 'and another'])
    assert.not.throws(() => stream.emit('error', new Error(what)));
  stream.destroy();
  assert.ok(await until(() => isReady(redis) && redis.stream !== stream), 'connected again');
  await closeConnection(redis);
});

test('a wrong password is told at once', async () => {
  const locked = await startOwnRedis();
  const admin = await connect({ url: locked.url, kind: 'control', name: 'test', logger: silent });
  await admin.config('SET', 'requirepass', 'right');
  const url = locked.url.replace('redis://', 'redis://:wrong@');
  assert.match(await failure(url, { firstMs: 600_000 }), /WRONGPASS/);
  assert.match(await failure(locked.url, { firstMs: 600_000 }), /NOAUTH/);
  await closeConnection(admin);
  await locked.remove();
});

test('what is not a Redis URL is refused before anything is tried', async () => {
  assert.match(await failure('127.0.0.1:6379'), /redis:\/\/host:port/);
  assert.match(await failure('http://127.0.0.1'), /http:\/\/ is not redis:\/\//);
  // An option of the driver: it would make the driver send commands again after the connection broke.
  assert.match(
    await failure(`${server.url}?autoResendUnfulfilledCommands=true`),
    /it takes no parameter "autoResendUnfulfilledCommands", only ca and family/,
  );
});

test('a socket of this machine is as good as a port, and wrong ones are told in one line', async () => {
  const path = join(server.dir, 'a socket.sock');
  const listening = await startOwnRedis({ settings: { unixsocket: path } });
  const admin = await connect({ url: listening.url, kind: 'control', name: 'test', logger: silent });
  await admin.call('ACL', 'SETUSER', 'some:one', 'on', '>hu/sh', '~*', '&*', '+@all');
  const url = `redis+unix://some%3Aone:hu%2Fsh@${encodeURI(path)}?db=3`;
  const redis = await connect({ url, kind: 'producer', name: 'test', logger: silent });
  assert.is(await redis.call('ACL', 'WHOAMI'), 'some:one');
  await redis.set('here', '1');
  await admin.select(3);
  assert.is(await admin.get('here'), '1');
  await Promise.all([redis, admin].map(closeConnection));
  await listening.remove();
  assert.is(
    await failure(url, { firstMs: 200 }),
    `cannot use Redis at redis+unix://some%3Aone:***@${encodeURI(path)}?db=3: connect ECONNREFUSED ${path}`,
  );
  for (const [wrong, why] of [
    ['redis+unix://run/redis.sock', /must be absolute; expected redis\+unix:\/\/\/path/],
    ['redis+unix://', /names no socket/],
    ['unix:///run/redis.sock?db=x', /db must be/],
    ['redis+unix:///run/redis.sock?password=hush', /no parameter "password"/],
    ['redis+unix:///run/%redis.sock', /has a %/],
  ] as const)
    assert.match(await failure(wrong), why);
});

test('a server that goes and comes back is found again, and told of in two lines', async () => {
  const lines: string[] = [];
  const logger: Logger = {
    ...silent,
    warn: (_fields, message) => lines.push(message),
    info: (_fields, message) => lines.push(message),
  };
  const redis = await connect({ url: server.url, kind: 'control', name: 'test', logger });
  await server.kill('SIGKILL');
  assert.ok(await until(() => redis.status !== 'ready'));
  const rejected = await redis.ping().then(
    () => false,
    () => true,
  );
  assert.ok(rejected, 'a command without a connection was kept');
  await server.restart();
  assert.ok(await until(async () => isReady(redis) && (await redis.ping()) === 'PONG'));
  assert.is(lines.length, 2);
  await closeConnection(redis);
});

test('closing ends promptly, connected or not, and nothing reconnects', async () => {
  const proxy = await startTcpProxy(server.url);
  const open = () => connect({ url: proxy.url, kind: 'blocking', name: 'test', logger: silent });
  const [blocked, lost] = [await open(), await open()];
  const waiting = blocked.xread('BLOCK', 900_000, 'STREAMS', 'nothing', '$').catch((error: Error) => error);
  await closeConnection(blocked);
  assert.instance(await waiting, Error);
  proxy.refuse();
  proxy.cut();
  assert.ok(await until(() => lost.status === 'reconnecting'));
  await closeConnection(lost);
  proxy.accept();
  assert.not(blocked.status === 'ready' || lost.status === 'ready');
  await proxy.close();
});

test('a wait for entries notices a dead connection, says so, and works again on a new one', async () => {
  const proxy = await startTcpProxy(server.url);
  const log = await openProjectorLog({
    url: proxy.url,
    name: 'test',
    logger: silent,
    retentionMs: 1,
    maxEntries: 1,
  });
  const wait = (timeoutMs: number) =>
    log.partitionLog
      .waitForEntries({ partition: 0, after: beforeAll, timeoutMs, signal: new AbortController().signal })
      .then(
        () => 'rang or gave up',
        () => 'failed',
      );
  assert.is(await wait(1), 'rang or gave up');
  proxy.swallowReplies();
  assert.is(await wait(600_000), 'failed');
  proxy.passReplies();
  assert.is(await wait(1), 'rang or gave up');
  await log.close();
  await proxy.close();
});
