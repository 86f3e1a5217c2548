import type { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { openNodes } from '../../src/log/cluster/open-nodes.ts';
import { type ConnectOptions, closeConnection, connect } from '../../src/log/connection/connect.ts';
import { isReady } from '../../src/log/connection/readiness.ts';
import { apiScripts, projectorScripts } from '../../src/log/connection/scripts-of-roles.ts';
import { UnfitServer } from '../../src/log/connection/unfit-server.ts';
import { openApiLog, openProjectorLog } from '../../src/log/redis-log.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { silent } from './redis-log-world.ts';

const test = suite('a connection is ready once it is prepared');

let server: OwnServer;
let admin: Redis;
test.before(async () => {
  server = await startOwnRedis();
  admin = await connect({ url: server.url, kind: 'control', name: 'admin', logger: silent });
});
test.before.each(async () => {
  await admin.script('FLUSH');
});
test.after(async () => {
  await closeConnection(admin);
  await server.remove();
});

const until = (condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { limitMs: 10_000, everyMs: 5 });

const text = '#!lua\nreturn 1';

const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );

const prepared = async (
  options: Partial<ConnectOptions>,
  body: (redis: Redis, proxy: TcpProxy) => Promise<void>,
): Promise<void> => {
  const proxy = await startTcpProxy(server.url);
  const redis = await connect({ url: proxy.url, kind: 'control', name: 'test', logger: silent, ...options });
  try {
    await body(redis, proxy);
  } finally {
    await closeConnection(redis);
    await proxy.close();
  }
};

const knownScripts = async (): Promise<number> => {
  const info = await admin.info('memory');
  return Number(/number_of_cached_scripts:(\d+)/.exec(info)?.[1]);
};

test('its scripts are on the server, at first and however often the server has lost them', () =>
  prepared({ scripts: [text] }, async (redis, proxy) => {
    assert.is(await knownScripts(), 1);
    for (let n = 0; n < 3; n += 1) {
      await admin.script('FLUSH');
      const ready = new Promise<number>((resolve) => {
        redis.once('ready', () => void knownScripts().then(resolve));
      });
      proxy.cut();
      assert.is(await ready, 1);
    }
  }));

test('until then it tells nobody that it is ready, and takes no command', () =>
  prepared({ scripts: [text], commandMs: 2_000 }, async (redis, proxy) => {
    let [heldBack, told] = [0, 0];
    redis.on('ready', () => {
      told += 1;
    });
    proxy.treat = (packet) => {
      if (!packet.includes('LOAD')) return 'pass';
      heldBack += 1;
      return 'hold';
    };
    proxy.cut();
    assert.ok(await until(() => heldBack === 1));
    assert.is(redis.status, 'ready', 'the driver is');
    assert.not(isReady(redis));
    assert.match(await failureOf(redis.set('early', '1')), /not connected to Redis/);
    assert.is(told, 0);
    assert.is(await admin.exists('early'), 0);
    proxy.treat = () => 'pass';
    assert.ok(await until(() => isReady(redis)));
    assert.is(told, 1);
    assert.is(await redis.ping(), 'PONG');
  }));

test('every script that a role calls is loaded, so that none of them is ever sent in full', async () => {
  const options = { url: server.url, name: 'test', logger: silent };
  const api = await openApiLog({ ...options, durability: 'disk', lookUp: async () => new Map() });
  const projector = await openProjectorLog({ ...options, retentionMs: 1, maxEntries: 1 });
  const all = new Set([apiScripts, projectorScripts].flatMap((kinds) => Object.values(kinds)).flat());
  assert.is(await knownScripts(), all.size);
  await Promise.all([api.close(), projector.close()]);
});

test('a user that may not load scripts is told at once, and where its rights are', async () => {
  await admin.call('ACL', 'SETUSER', 'poor', 'reset', 'on', '>poor', '+ping', '+info', '+client|setname');
  const url = server.url.replace('redis://', 'redis://poor:poor@');
  const why = await failureOf(
    connect({ url, kind: 'control', name: 'test', logger: silent, scripts: [text], firstMs: 600_000 }),
  );
  assert.match(why, /NOPERM.*script\|load.*infra\/redis\/users\.conf$/);
});

test('a replica is not ready for who writes or follows, and is told in one line with the cure', async () => {
  const replica = await startOwnRedis({ settings: { replicaof: `127.0.0.1 ${server.port}` } });
  for (const kind of ['producer', 'control', 'blocking', 'subscriber'] as const) {
    const why = await failureOf(
      connect({ url: replica.url, kind, name: 'test', logger: silent, firstMs: 300 }),
    );
    assert.match(why, /^cannot use Redis at .*: role: replica — this process needs the primary: .*REPLICAOF/);
    assert.not.match(why, /\n/);
  }
  const looking = await openNodes({ url: replica.url, name: 'test', logger: silent, wants: 'any' });
  await looking.ping();
  await looking.close();
  await replica.remove();
});

test('a check is asked of each kind before it is ready, and one that fails is told', async () => {
  let [asked, verdict]: [number, string | undefined] = [0, undefined];
  const check = async (): Promise<'passed'> => {
    asked += 1;
    if (verdict !== undefined) throw new UnfitServer(verdict);
    return 'passed';
  };
  const options = { url: server.url, name: 'test', logger: silent, check, everyMs: 20 };
  const nodes = await openNodes(options);
  assert.is(asked, 1);
  const [producer, subscriber] = await Promise.all([nodes.openProducer(), nodes.openSubscriber()]);
  const all = [nodes.control(''), producer(''), subscriber];
  assert.ok(asked >= 3);
  verdict = 'the pair is another one: run the cure';
  assert.ok(await until(() => all.every((redis) => !isReady(redis))));
  assert.match(
    await failureOf(nodes.ping()),
    /^not connected to Redis: the pair is another one: run the cure$/,
  );
  assert.match(
    await failureOf(openNodes(options)),
    /^cannot use Redis at .*: the pair is another one: run the cure$/,
  );
  verdict = undefined;
  assert.ok(await until(() => all.every(isReady)));
  await nodes.ping();
  await nodes.close();
});

test('a check that cannot be made keeps a new connection back, and leaves the others alone', async () => {
  let fails = false;
  const check = async (): Promise<'passed'> => {
    if (fails) throw new Error('MySQL is away');
    return 'passed';
  };
  const nodes = await openNodes({ url: server.url, name: 'test', logger: silent, check, everyMs: 20 });
  fails = true;
  const producing = failureOf(nodes.openProducer());
  assert.match(await producing, /MySQL is away/);
  await nodes.ping();
  await nodes.close();
});
