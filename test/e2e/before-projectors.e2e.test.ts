import { waitUntil } from '../../infra/local/wait-until.ts';
import { parseFields } from '../../src/log/connection/replies.ts';
import { group, keysOf } from '../../src/log/keys.ts';
import { openPairStore } from '../../src/store/pair/open-pair-store.ts';
import { audit } from '../support/audit.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { call, getReservation, openShow, reserve, reserved } from '../support/client.ts';
import { startOnsale } from '../support/onsale.ts';
import { openRedis, type RedisClient } from '../support/open-redis.ts';
import { startOwnRedisCluster } from '../support/redis-cluster.ts';
import { keptPromises } from '../support/sale.ts';
import { startOwnRedis } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('before the first projector', { timeoutMs: 120_000 });

const partitions = 8;
const env = { ONSALE_PARTITIONS: String(partitions) };
const streams = Array.from({ length: partitions }, (_, partition) => keysOf(partition).requests);

/** The lag of each partition as an autoscaler reads it, or why it cannot read it. */
const lags = (redis: RedisClient): Promise<readonly unknown[]> =>
  Promise.all(
    streams.map(async (stream) => {
      try {
        const groups: unknown = await redis.xinfo('GROUPS', stream);
        const all = Array.isArray(groups) ? groups.map(parseFields) : [];
        return all.find((fields) => fields.get('name') === group)?.get('lag') ?? 'no group';
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
    }),
  );

const none = streams.map(() => 0);

const pairIdIn = async (databaseUrl: string): Promise<string> => {
  const store = await openPairStore(databaseUrl);
  try {
    return String(await store.id());
  } finally {
    store.close();
  }
};

const withBackends = async (
  start: Parameters<typeof startBackends>[0],
  body: (backends: Backends, redis: RedisClient) => Promise<void>,
): Promise<void> => {
  const backends = await startBackends(start);
  const redis = await openRedis(backends.urls.redisUrl);
  try {
    await body(backends, redis);
  } finally {
    redis.disconnect();
    await backends.remove();
  }
};

for (const [server, start] of [
  ['one server', startOwnRedis],
  ['a cluster', startOwnRedisCluster],
] as const) {
  test(`on ${server}: a process of queries alone makes every stream and its group`, () =>
    withBackends(
      () => start(),
      async ({ urls }, redis) => {
        // A process without the right to write the pair id waits until another has written it: here an
        // operator.
        await redis.hset('onsale:settings', 'pair', await pairIdIn(urls.databaseUrl));
        const query = await startOnsale({ roles: ['query'], ...urls, env });
        assert.equal(await lags(redis), none);
        assert.is(await query.stop(), 0);
      },
    ));

  test(`on ${server}: what arrives before the first projector is seen as lag, and decided once there is one`, () =>
    withBackends(
      () => start(),
      async ({ urls }, redis) => {
        const api = await startOnsale({ roles: ['command', 'query'], ...urls, env });
        assert.equal(await lags(redis), none);
        const pools = [{ id: 'stalls', name: 'Stalls', capacity: 5 }];
        const show = { name: 'Early', pools, partition: 3 };
        const opening = call(`${api.url}/v1/shows`, { admin: true, body: show });
        const isSeen = async (): Promise<boolean> => (await lags(redis))[3] === 1;
        assert.ok(await waitUntil(isSeen, { limitMs: 30_000 }), String(await lags(redis)));
        // Scaled from none to one.
        const projector = await startOnsale({ roles: ['projector'], ...urls, env });
        const showId = String((await opening).body['id']);
        const id = await reserved(api.url, { customer: 'ann', showId, quantity: 2 });
        assert.is((await getReservation(api.url, id, 'ann')).body['status'], 'confirmed');
        assert.ok(
          await waitUntil(async () => String(await lags(redis)) === String(none), { limitMs: 30_000 }),
        );
        await Promise.all([api.stop(), projector.stop()]);
        keptPromises(await audit(urls));
      },
    ));
}

test('a group that was lost with what was decided is not made anew by the API: the owner has to find it missing', () =>
  withBackends(startOwnRedis, async ({ urls }, redis) => {
    const roles = ['command', 'query'] as const;
    let api = await startOnsale({ roles, ...urls, env });
    let projector = await startOnsale({ roles: ['projector'], ...urls, env });
    const showId = await openShow(api.url, { stalls: 5 }, { partition: 3 });
    await Promise.all([projector.stop(), api.stop()]);
    await redis.xgroup('DESTROY', streams[3] ?? '', group);
    await redis.xgroup('DESTROY', streams[4] ?? '', group);
    api = await startOnsale({ roles, ...urls, env });
    const found = await lags(redis);
    assert.equal([found[3], found[4]], ['no group', 0], 'made only where nothing was ever decided');
    projector = await startOnsale({ roles: ['projector'], ...urls, env });
    const sold = await reserve(api.url, { customer: 'ann', showId, quantity: 2, wait: 20 });
    assert.is(sold.status, 201, JSON.stringify(sold.body));
    await Promise.all([api.stop(), projector.stop()]);
  }));
