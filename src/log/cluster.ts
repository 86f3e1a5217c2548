import type { Redis } from 'ioredis';
import { type AskOptions, askAnybody, askConnected } from './cluster-views.ts';
import { type ConnectionKind, closeConnection, connect, newConnection } from './connect.ts';
import { type NodePool, newNodePool } from './node-pool.ts';
import type { NodeOf, RedisNodes, RedisOptions } from './nodes.ts';
import { onRedirect } from './on-redirect.ts';
import { type Address, maskRedisUrl, parseClusterUrl } from './redis-url.ts';
import { newRovingSubscriber, type RovingSubscriber } from './roving-subscriber.ts';
import { newSlotMap, type SlotMap } from './slot-map.ts';

/** What one process has of a cluster. */
interface Cluster extends AskOptions {
  readonly map: SlotMap;
  readonly control: NodePool;
  /** Of all kinds. */
  readonly pools: NodePool[];
  readonly subscribers: RovingSubscriber[];
}

const readyMs = 2_000;
/** The owner of a partition waits on it: better to look at the map again soon. */
const doorbellMs = 500;

/**
 * The masters of a cluster, an ordinary connection of each kind to each of them. We keep the map of slots ourselves: the
 * driver's own client of a cluster sends a command again when its connection is lost, and an append sent twice may be
 * two entries. A redirect only makes us look at the map again; the command is rejected like any other.
 */
export const openCluster = async (options: RedisOptions): Promise<RedisNodes> => {
  const asking = { ...options, cluster: parseClusterUrl(options.url) };
  const cluster = newCluster(asking, await askAnybody(asking.cluster.seeds, asking));
  const close = () => closeAll(cluster);
  try {
    const control = await openPool(cluster, cluster.control);
    // One node's view was enough to begin with; now the others are asked too.
    cluster.map.doubt();
    return {
      isOne: false,
      control,
      masters: () => cluster.control.all().map(([address, redis]) => ({ address, redis })),
      openProducer: () => openPool(cluster, newPool(cluster, 'producer')),
      openSubscriber: () => openSubscriber(cluster),
      openBlocking: (key, signal) => openBlocking(cluster, key, signal),
      ping: () => pingAny(cluster),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const newCluster = (asking: AskOptions, first: Parameters<typeof newSlotMap>[0]): Cluster => {
  const control = newNodePool((address) => connectionTo(cluster, address, 'control'));
  const map = newSlotMap(first, {
    askNodes: async () => {
      const views = await askConnected(control, asking);
      return views.length > 0 ? views : [await askAnybody([...asking.cluster.seeds, ...map.known()], asking)];
    },
    isTroubled: () => control.all().some(([, { status }]) => status !== 'ready'),
    onLooked: (masters, change) => {
      if (change === 'changed')
        asking.logger.info({ masters: [...masters] }, 'Redis cluster: slots have moved');
      for (const pool of cluster.pools) pool.keep(masters);
      for (const subscriber of cluster.subscribers) subscriber.stayAmong(masters);
    },
  });
  const cluster: Cluster = { ...asking, map, control, pools: [control], subscribers: [] };
  return cluster;
};

const newPool = (cluster: Cluster, kind: ConnectionKind): NodePool => {
  const pool = newNodePool((address) => connectionTo(cluster, address, kind));
  cluster.pools.push(pool);
  return pool;
};

const openPool = async (cluster: Cluster, pool: NodePool): Promise<NodeOf> => {
  pool.keep(cluster.map.masters());
  const ready = await Promise.all(pool.all().map(([, redis]) => readyInTime(redis)));
  if (!ready.includes(true))
    throw new Error(`cannot use Redis at ${maskRedisUrl(cluster.url)}: none of its masters can be reached`);
  return (key) => pool.of(cluster.map.ownerOf(key));
};

const connectionTo = (cluster: Cluster, address: Address, kind: ConnectionKind): Redis => {
  const redis = newConnection({ ...cluster, url: cluster.cluster.urlOf(address), kind });
  onRedirect(redis, cluster.map.doubt);
  redis.on('close', cluster.map.doubt);
  return redis;
};

/** False when it takes too long; it goes on trying then. */
const readyInTime = (redis: Redis): Promise<boolean> =>
  new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      redis.off('ready', settle);
      resolve(redis.status === 'ready');
    };
    const timer = setTimeout(settle, readyMs);
    redis.on('ready', settle);
  });

const openSubscriber = async (cluster: Cluster): Promise<Redis> => {
  const next = (): Address => anyMaster(cluster);
  const redis = connectionTo(cluster, next(), 'subscriber');
  cluster.subscribers.push(newRovingSubscriber(redis, next));
  redis.connect().catch(() => undefined);
  await readyInTime(redis);
  return redis;
};

/** One that is connected, where there is one. */
const anyMaster = ({ control, map, random = Math.random }: Cluster): Address => {
  const ready = control.all().filter(([, { status }]) => status === 'ready');
  const choice = ready.length > 0 ? ready.map(([address]) => address) : [...map.masters()];
  const chosen = choice[Math.floor(random() * choice.length)];
  if (chosen === undefined) throw new Error('the Redis cluster has no master');
  return chosen;
};

const openBlocking = async (cluster: Cluster, key: string, signal: AbortSignal): Promise<Redis> => {
  const url = cluster.cluster.urlOf(cluster.map.ownerOf(key));
  const redis = await connect({ ...cluster, url, kind: 'blocking', signal, firstMs: doorbellMs });
  onRedirect(redis, cluster.map.doubt);
  return redis;
};

const pingAny = async ({ control }: Cluster): Promise<void> => {
  const answers = await Promise.allSettled(control.all().map(([, redis]) => redis.ping()));
  if (answers.some(({ status }) => status === 'fulfilled')) return;
  const [first] = answers;
  throw first?.status === 'rejected' ? first.reason : new Error('the Redis cluster has no master');
};

const closeAll = async ({ map, pools, subscribers }: Cluster): Promise<void> => {
  map.stop();
  await Promise.all([
    ...pools.map((pool) => pool.close()),
    ...subscribers.map(({ redis }) => closeConnection(redis)),
  ]);
};
