import { waitUntil } from '../../infra/local/wait-until.ts';
import { beforeAll } from '../../src/domain/stream-id.ts';
import { redisLeases } from '../../src/lease/redis-leases.ts';
import { openNodes } from '../../src/log/cluster/open-nodes.ts';
import type { RedisNodes } from '../../src/log/connection/nodes.ts';
import { isReady } from '../../src/log/connection/readiness.ts';
import { keysOf } from '../../src/log/keys.ts';
import { newPublish } from '../../src/log/partition/publish.ts';
import { type ApiLog, openApiLog, openProjectorLog, type ProjectorLog } from '../../src/log/redis-log.ts';
import { type RedisPair, startRedisPair, withRedis } from '../chaos/redis-pair.ts';
import { systemClock } from '../lease/redis-world.ts';
import type { OwnServer } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';
import { silent } from './redis-log-world.ts';
import { outcomeOf, requestOf, reservationIdOf } from './requests.ts';

const test = suite('a Redis that changes sides and lives', { timeoutMs: 60_000 });
const partition = 0;
const token = 'owner:1';

let pair: RedisPair;
test.before(async () => {
  pair = await startRedisPair();
});
test.after.each(() => pair.rejoin());
test.after(() => pair.remove());

const until = (condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { limitMs: 10_000, everyMs: 5 });

interface OpenLogs {
  readonly api: ApiLog;
  readonly projector: ProjectorLog;
  readonly nodes: RedisNodes;
}

/**
 * Either so slow that connections leave only after an error reply, or so fast that all of them check all the
 * time.
 */
const opened = (everyMs: number, body: (open: OpenLogs) => Promise<void>) => async (): Promise<void> => {
  const options = { url: pair.proxy.url, name: 'test', logger: silent, everyMs };
  const api = await openApiLog({ ...options, durability: 'replicated', lookUp: async () => new Map() });
  const projector = await openProjectorLog({ ...options, retentionMs: 1_000, maxEntries: 1_000 });
  const nodes = await openNodes(options);
  try {
    await body({ api, projector, nodes });
  } finally {
    await Promise.all([api.close(), projector.close(), nodes.close()]);
  }
};

const never = 600_000;

const kindsOn = (server: OwnServer): Promise<string> =>
  withRedis(server, async (redis) => {
    const clients = String(await redis.client('LIST'));
    const kinds = [...clients.matchAll(/name=onsale-test-(\w+) /g)].map(([, kind = '']) => kind);
    return [...new Set(kinds)].sort().join(' ');
  });

const ring = ({ projector }: OpenLogs, timeoutMs: number) =>
  projector.partitionLog.waitForEntries({
    partition,
    after: beforeAll,
    timeoutMs,
    signal: new AbortController().signal,
  });

const read = ({ projector }: OpenLogs, reset: boolean) =>
  projector.partitionLog.read({ partition, leaseToken: token, count: 10, watermark: beforeAll, reset });

test(
  'one refusal, and every kind of connection is on the new primary, those that never write as well',
  opened(never, async (open) => {
    const { api, projector, nodes } = open;
    const id = reservationIdOf(partition, 1);
    const { outcome } = api.outcomes.wait(id, { timeoutMs: 30_000 });
    await nodes.control('').set(keysOf(partition).lease, token);
    await projector.partitionLog.lift({
      partition,
      leaseToken: token,
      watermark: beforeAll,
      judgedMs: 0,
      inFlightMax: 0,
    });
    assert.is((await read(open, true)).type, 'read');
    await ring(open, 1);
    const old = pair.master();
    assert.is(await kindsOn(old), 'blocking control producer subscriber');
    await pair.changeSides();
    const refused = await api.appender.append(partition, requestOf(partition, 1));
    assert.is(refused.type, 'refused');
    assert.match('why' in refused ? refused.why : '', /READONLY/);
    assert.ok(
      await until(
        async () => (await api.appender.append(partition, requestOf(partition, 2))).type === 'appended',
      ),
    );
    assert.ok(
      await until(() =>
        read(open, false).then(
          () => true,
          () => false,
        ),
      ),
    );
    assert.ok(
      await until(() =>
        ring(open, 1).then(
          () => true,
          () => false,
        ),
      ),
    );
    assert.ok(await until(async () => (await kindsOn(pair.master())).includes('subscriber')));
    assert.is(await kindsOn(pair.master()), 'blocking control producer subscriber');
    // `nodes` got no error reply yet: a refusal concerns only the group of the connection that got it.
    await nodes
      .control('')
      .set('drill', '1')
      .catch(() => undefined);
    assert.ok(await until(async () => (await kindsOn(old)) === ''));
    const publish = newPublish(nodes.control);
    const told = async (): Promise<boolean> => {
      const outcomes = [outcomeOf(partition, 1)];
      await publish({ partition, leaseToken: '', boards: [], outcomes }).catch(() => undefined);
      return (await Promise.race([outcome, Promise.resolve('not yet')])) !== 'not yet';
    };
    assert.ok(await until(told));
    assert.equal(await outcome, outcomeOf(partition, 1));
  }),
);

test(
  'who writes nothing leaves by a look, and its subscriber with it',
  opened(50, async ({ api, nodes }) => {
    const subscriber = await nodes.openSubscriber();
    api.outcomes.wait(reservationIdOf(partition, 7), { timeoutMs: 30_000 }).outcome.catch(() => undefined);
    const old = pair.master();
    await pair.changeSides();
    assert.ok(await until(async () => (await kindsOn(old)) === ''));
    assert.ok(await until(() => isReady(subscriber)));
    assert.ok(await until(async () => (await kindsOn(pair.master())).includes('subscriber')));
  }),
);

test(
  'while the name still leads to the demoted one nothing is sent there, and a lease is renewed where it counts',
  opened(never, async ({ nodes }) => {
    await nodes.control('').del(keysOf(partition).lease);
    const leases = redisLeases({
      nodeOf: nodes.control,
      clock: systemClock,
      partitions: 1,
      ttlMs: 20_000,
      projectorId: 'p',
    });
    const held = await leases.acquire(partition);
    if (!held) throw new Error('nobody else wants it');
    const renewed = (): Promise<string> =>
      leases.renew(held.lease).then(
        (deadlineMs) => (deadlineMs === undefined ? 'lost' : 'renewed'),
        (error: Error) => error.message,
      );
    assert.is(await renewed(), 'renewed');
    await pair.changeSides(async () => {
      assert.match(await renewed(), /READONLY/);
      assert.ok(await until(async () => /role: replica — this process needs/.test(await renewed())));
    });
    assert.ok(await until(async () => (await renewed()) === 'renewed'));
    await leases.release(held.lease);
  }),
);
