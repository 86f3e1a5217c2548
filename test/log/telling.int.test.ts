import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { keysOf } from '../../src/log/keys.ts';
import type { OutcomesOptions } from '../../src/log/outcomes/outcomes.ts';
import { newPublish } from '../../src/log/partition/publish.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { listenOn } from './listen-on.ts';
import { lookUpEach } from './look-up-each.ts';
import { silent } from './redis-log-world.ts';
import { outcomeOf, reservationIdOf } from './requests.ts';

const test = suite('telling, on Redis');

let server: OwnServer;
let redis: Redis;
const toClose: (() => unknown)[] = [];

test.before(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
});
test.before.each(async () => {
  await redis.flushall();
});
test.after.each(async () => {
  for (const close of toClose.splice(0)) await close();
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

const publish = (outcomes: readonly Outcome[]) =>
  newPublish(() => redis)({ partition: 0, leaseToken: '', boards: [], outcomes });

const proxied = async (): Promise<TcpProxy> => {
  const proxy = await startTcpProxy(server.url);
  toClose.push(proxy.close);
  return proxy;
};

type ListenOptions = Partial<OutcomesOptions> & { readonly url?: string };

/** Closed at the end of the test. */
const listen = async ({ url = server.url, ...options }: ListenOptions = {}) => {
  const listening = await listenOn(url, options);
  toClose.unshift(listening.close);
  return listening;
};

const listeners = async (): Promise<number> => {
  const [, count] = await redis.pubsub('NUMSUB', keysOf(0).outcomes);
  return Number(count);
};

test('after a reconnect the tables are asked for everyone who waits, and listening goes on', async () => {
  const proxy = await proxied();
  const looked = new Set<string>();
  const { outcomes } = await listen({
    url: proxy.url,
    lookUp: lookUpEach(async (id) => {
      looked.add(id);
      return id === reservationIdOf(0, 1) ? outcomeOf(0, 1) : undefined;
    }),
  });
  const first = outcomes.wait(reservationIdOf(0, 2), { timeoutMs: 600_000 });
  assert.ok(await until(() => looked.size === 1), 'no look when listening began');
  looked.clear();
  proxy.refuse();
  proxy.cut();
  assert.ok(await until(async () => (await listeners()) === 0));
  // This wait begins while there is no connection, and the request is decided before there is one again.
  const second = outcomes.wait(reservationIdOf(0, 1), { timeoutMs: 600_000 });
  await publish([outcomeOf(0, 1)]);
  proxy.accept();
  assert.equal(await second.outcome, outcomeOf(0, 1));
  assert.ok(await until(() => looked.size === 2));
  await publish([outcomeOf(0, 2)]);
  assert.equal(await first.outcome, outcomeOf(0, 2));
});

test('an outcome published while the SUBSCRIBE is on its way is found in the tables', async () => {
  const { outcomes } = await listen({ lookUp: lookUpEach(async () => outcomeOf(0, 1)) });
  // The server does nothing for a moment, so the wait begins long before its channel is subscribed.
  await redis.client('PAUSE', 100, 'ALL');
  const { outcome } = outcomes.wait(reservationIdOf(0, 1), { timeoutMs: 600_000 });
  assert.equal(await outcome, outcomeOf(0, 1));
});

test('messages that cannot be read are dropped, and what follows is heard', async () => {
  let warned = 0;
  const logger = { ...silent, warn: () => ++warned };
  const { outcomes } = await listen({ logger });
  const { outcome } = outcomes.wait(reservationIdOf(0, 1), { timeoutMs: 600_000 });
  assert.ok(await until(async () => (await listeners()) === 1));
  for (const bad of ['', '9\nx\n{}', '1\n', `1\n${reservationIdOf(0, 1)}\n{"type":"reservation"}`]) {
    await redis.publish(keysOf(0).outcomes, bad);
  }
  await publish([outcomeOf(0, 1)]);
  assert.equal(await outcome, outcomeOf(0, 1));
  assert.is(warned, 4);
});

test('a channel that nobody waits on is left, and joined again for the next', async () => {
  const { outcomes } = await listen({ sweepMs: 10 });
  for (const n of [1, 2]) {
    const { outcome } = outcomes.wait(reservationIdOf(0, n), { timeoutMs: 600_000 });
    assert.ok(await until(async () => (await listeners()) === 1));
    await publish([outcomeOf(0, n)]);
    assert.equal(await outcome, outcomeOf(0, n));
    assert.ok(await until(async () => (await listeners()) === 0));
  }
});

test('a connection that went silent is found out, and the tables are asked for what was missed', async () => {
  const proxy = await proxied();
  let [decided, looks] = [false, 0];
  const lookUp = lookUpEach(async () => {
    looks += 1;
    return decided ? outcomeOf(0, 1) : undefined;
  });
  const { outcomes, subscriber } = await listen({ url: proxy.url, lookUp, sweepMs: 50 });
  const { outcome } = outcomes.wait(reservationIdOf(0, 1), { timeoutMs: 600_000 });
  // The look-up that follows the reply to SUBSCRIBE. From here on no command is open on the connection.
  assert.ok(await until(() => looks === 1));
  proxy.swallowReplies();
  decided = true;
  await publish([outcomeOf(0, 1)]);
  assert.ok(await until(() => subscriber.status !== 'ready'));
  proxy.passReplies();
  assert.equal(await outcome, outcomeOf(0, 1));
});

test('ten thousand waiters are told by one publication', async () => {
  const { outcomes, waiting } = await listen();
  const numbers = Array.from({ length: 10_000 }, (_, n) => n);
  const waits = numbers.map((n) => outcomes.wait(reservationIdOf(0, n), { timeoutMs: 600_000 }));
  assert.ok(await until(async () => (await listeners()) === 1));
  await publish(numbers.map((n) => outcomeOf(0, n)));
  const told = await Promise.all(waits.map(({ outcome }) => outcome));
  assert.ok(
    told.every(
      (outcome, n) => outcome?.type === 'reservation' && outcome.reservation.id === reservationIdOf(0, n),
    ),
  );
  assert.is(waiting(), 0);
});

test('what is published is split so that no message is huge', async () => {
  const sizes: number[] = [];
  const listener = new Redis(server.url);
  listener.on('message', (_channel, message) => sizes.push(message.length));
  await listener.subscribe(keysOf(0).outcomes);
  const long = 'x'.repeat(128);
  const outcomes = Array.from({ length: 2_000 }, (_, n): Outcome => {
    const outcome = outcomeOf(0, n);
    if (outcome.type !== 'reservation') return outcome;
    return { ...outcome, reservation: { ...outcome.reservation, reference: long } };
  });
  await publish(outcomes);
  const lengthOfAll = JSON.stringify(outcomes).length;
  assert.ok(await until(() => sizes.reduce((sum, size) => sum + size, 0) > lengthOfAll));
  assert.ok(sizes.length > 1 && Math.max(...sizes) < 300_000, `sizes ${sizes}`);
  await listener.quit();
});

test('nothing to publish costs nothing', async () => {
  const [published, scripts] = [await calls('publish'), await calls('evalsha')];
  await publish([]);
  assert.equal([await calls('publish'), await calls('evalsha')], [published, scripts]);
});
