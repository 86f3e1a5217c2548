import { Cluster, Redis } from 'ioredis';
import { hostAndPort, isClusterUrl, parseClusterUrl } from '../../src/log/connection/redis-url.ts';

/** Reads and writes directly, not through onsale, on one server or on a cluster. */
export type RedisClient = Redis | Cluster;

export const openRedis = async (url: string): Promise<RedisClient> => {
  const redis = isClusterUrl(url)
    ? new Cluster(parseClusterUrl(url).seeds.map(hostAndPort), {
        lazyConnect: true,
        slotsRefreshTimeout: 5_000,
      })
    : new Redis(url, { lazyConnect: true });
  // Some tests stop servers; what onsale must notice is asserted there.
  redis.on('error', () => undefined);
  await redis.connect();
  return redis;
};

export const mastersOf = (redis: RedisClient): readonly Redis[] =>
  redis instanceof Cluster ? redis.nodes('master') : [redis];

/** Keys of all nodes. */
export const keysLike = async (redis: RedisClient, pattern: string): Promise<readonly string[]> =>
  (await Promise.all(mastersOf(redis).map((node) => node.keys(pattern)))).flat();

/** Removed one by one, because they are in many slots. */
export const removeKeys = async (redis: RedisClient, keys: readonly string[]): Promise<void> => {
  await Promise.all(keys.map((key) => redis.del(key)));
};
