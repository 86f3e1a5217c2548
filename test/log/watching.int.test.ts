import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { keysOf } from '../../src/log/keys.ts';
import type { OutcomesOptions } from '../../src/log/outcomes/outcomes.ts';
import { newPublish } from '../../src/log/partition/publish.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { listenOn } from './listen-on.ts';
import { lookUpEach } from './look-up-each.ts';
import { silent } from './redis-log-world.ts';
import { changedOf, outcomeOf, reservationIdOf } from './requests.ts';

const test = suite('watching, on Redis');

let server: OwnServer;
let redis: Redis;
const toClose: (() => unknown)[] = [];

test.before(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
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

const publish = (...outcomes: readonly Outcome[]) =>
  newPublish(() => redis)({ partition: 0, leaseToken: '', boards: [], outcomes });

type ListenOptions = Partial<OutcomesOptions> & { readonly url?: string };

/** Closed at the end of the test. */
const listen = async ({ url = server.url, ...options }: ListenOptions = {}) => {
  const listening = await listenOn(url, options);
  toClose.unshift(listening.close);
  const watch = async (n: number, listener: (outcome: Outcome) => void) => {
    const verdict = listening.outcomes.watch(reservationIdOf(0, n), listener);
    if (verdict.type === 'full') throw new Error('no place to watch');
    await verdict.ready;
    return verdict.stop;
  };
  return { ...listening, watch };
};

const listeners = async (): Promise<number> => {
  const [, count] = await redis.pubsub('NUMSUB', keysOf(0).outcomes);
  return Number(count);
};

/** Every sweep sends the server a PING. */
const pings = async (): Promise<number> =>
  Number(/cmdstat_ping:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);

test('a watch is ready once nothing is missed any more, however long Redis is away', async () => {
  const proxy = await startTcpProxy(server.url);
  toClose.push(proxy.close);
  const { outcomes } = await listen({ url: proxy.url });
  proxy.refuse();
  proxy.cut();
  assert.ok(await until(async () => (await listeners()) === 0));
  const told: Outcome[] = [];
  let isReady = false;
  const verdict = outcomes.watch(reservationIdOf(0, 1), (outcome) => told.push(outcome));
  if (verdict.type === 'watching') void verdict.ready.then(() => (isReady = true));
  await publish(outcomeOf(0, 1));
  assert.not(isReady);
  proxy.accept();
  assert.ok(await until(() => isReady));
  assert.equal(told, []);
  await publish(changedOf(0, 1, { status: 'cancelled', changedAtMs: 9 }));
  assert.ok(await until(() => told.length === 1));
});

test('everyone who began while the SUBSCRIBE was on its way is ready with it, and nobody before', async () => {
  const { outcomes } = await listen();
  let ready = 0;
  await redis.client('PAUSE', 100, 'ALL');
  const { cancel } = outcomes.wait(reservationIdOf(0, 1), { timeoutMs: 600_000 });
  for (const n of [1, 1, 2]) {
    const verdict = outcomes.watch(reservationIdOf(0, n), () => undefined);
    if (verdict.type === 'watching') void verdict.ready.then(() => ++ready);
  }
  await new Promise(setImmediate);
  assert.is(ready, 0);
  assert.ok(await until(() => ready === 3), `${ready} are ready`);
  cancel();
});

test('a look that an outcome overtakes does not take a watcher back', async () => {
  let answer: (outcome: Outcome) => void = () => undefined;
  let looks = 0;
  const lookUp = lookUpEach(() => {
    looks += 1;
    return new Promise<Outcome>((resolve) => {
      answer = resolve;
    });
  });
  const { watch } = await listen({ lookUp });
  const told: Outcome[] = [];
  await watch(1, (outcome) => told.push(outcome));
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  assert.ok(await until(() => looks === 1), 'no look after the reconnect');
  const cancelled = changedOf(0, 1, { status: 'cancelled', changedAtMs: 9 });
  await publish(cancelled);
  assert.ok(await until(() => told.length === 1));
  answer(outcomeOf(0, 1));
  // A second outcome through the same code: when it arrives, the result of the look-up was processed.
  const again = changedOf(0, 1, { status: 'cancelled', changedAtMs: 10 });
  await publish(again);
  assert.ok(await until(() => told.length > 1));
  assert.equal(told, [cancelled, again]);
  assert.is(looks, 1, 'one id, one look');
});

test('a listener that fails is reported, and the others are told', async () => {
  let reported = 0;
  const logger = { ...silent, error: () => ++reported };
  const { watch } = await listen({ logger });
  let told = 0;
  await watch(1, () => {
    throw new Error('a fault of the listener');
  });
  await watch(1, () => ++told);
  await publish(outcomeOf(0, 1));
  assert.ok(await until(() => told === 1));
  assert.is(reported, 1);
});

test('whoever stops while being told, or begins to watch then, is no trouble', async () => {
  const { watch, outcomes } = await listen();
  let told = 0;
  const stop = await watch(1, () => {
    told += 1;
    stop();
    outcomes.watch(reservationIdOf(0, 1), () => ++told);
  });
  await publish(outcomeOf(0, 1));
  assert.ok(await until(() => told === 1));
  await publish(changedOf(0, 1, { status: 'cancelled', changedAtMs: 9 }));
  assert.ok(await until(() => told === 2));
});

test('ten thousand watchers of one reservation share what was read once', async () => {
  const { watch, watching, outcomes } = await listen();
  const told = new Set<Outcome>();
  let calls = 0;
  const listener = (outcome: Outcome): void => {
    calls += 1;
    told.add(outcome);
  };
  await Promise.all(Array.from({ length: 10_000 }, () => watch(1, listener)));
  assert.is(watching(), 10_000);
  assert.equal(outcomes.watch(reservationIdOf(0, 2), listener), { type: 'full' });
  await publish(outcomeOf(0, 1));
  assert.ok(await until(() => calls === 10_000));
  assert.is(told.size, 1);
});

test('a channel stays while somebody watches, and is left after', async () => {
  const { watch, waiting, watching } = await listen({ sweepMs: 5 });
  const stop = await watch(1, () => undefined);
  const before = await pings();
  assert.ok(await until(async () => (await pings()) > before + 5));
  assert.is(await listeners(), 1);
  assert.equal([waiting(), watching()], [0, 1]);
  stop();
  assert.ok(await until(async () => (await listeners()) === 0));
  assert.is(watching(), 0);
});

test('once stopped, nobody can watch and nobody is told', async () => {
  const { watch, outcomes, stop, watching } = await listen();
  await watch(1, () => undefined);
  stop();
  assert.is(watching(), 0);
  assert.equal(
    outcomes.watch(reservationIdOf(0, 1), () => undefined),
    { type: 'full' },
  );
});
