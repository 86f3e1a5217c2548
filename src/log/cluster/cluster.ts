import type { Redis } from 'ioredis';
import { maskUrl } from '../../shared/mask-url.ts';
import {
  type ConnectionKind,
  type ConnectOptions,
  closeConnection,
  connect,
  newConnection,
} from '../connection/connect.ts';
import { type ConnectionGroup, newConnectionGroup } from '../connection/connection-group.ts';
import type { NodeOf, RedisNodes, RedisOptions } from '../connection/nodes.ts';
import { isReady, whyNotReady } from '../connection/readiness.ts';
import { type Address, parseClusterUrl } from '../connection/redis-url.ts';
import { askAnybody, askConnected, type ClusterOptions } from './cluster-views.ts';
import { type FailoverSubscriber, newFailoverSubscriber } from './failover-subscriber.ts';
import { type NodePool, newNodePool } from './node-pool.ts';
import { newSlotMap, type SlotMap } from './slot-map.ts';

/** The state that one process keeps of a cluster. */
interface Cluster extends ClusterOptions {
  readonly group: ConnectionGroup;
  readonly map: SlotMap;
  readonly control: NodePool;
  /** The pools of all kinds of connections. */
  readonly pools: NodePool[];
  readonly subscribers: FailoverSubscriber[];
}

const readyMs = 2_000;
/**
 * Short, because the owner of a partition waits for this connection, and a newer slot map may name another
 * node.
 */
const blockingMs = 500;

/**
 * A cluster as a set of ordinary connections: one of each kind to each master. We keep the slot map
 * ourselves, because the driver's own cluster client sends a command again when its connection is lost, and
 * an append that is sent twice may become two entries. A redirect only triggers a refresh of the map; the
 * command is rejected like any other.
 */
export const openCluster = async (options: RedisOptions): Promise<RedisNodes> => {
  const asking = { ...options, cluster: parseClusterUrl(options.url) };
  const cluster = newCluster(asking, await askAnybody(asking.cluster.seeds, asking));
  const close = () => closeAll(cluster);
  try {
    const control = await openPool(cluster, cluster.control);
    // The view of one node is enough to begin with. Now the other nodes are asked as well.
    cluster.map.refreshSoon();
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

const newCluster = (asking: ClusterOptions, first: Parameters<typeof newSlotMap>[0]): Cluster => {
  const control = newNodePool((address) => connectionTo(cluster, address, 'control'));
  const map = newSlotMap(first, {
    askNodes: async () => {
      const views = await askConnected(control, asking);
      return views.length > 0 ? views : [await askAnybody([...asking.cluster.seeds, ...map.known()], asking)];
    },
    isTroubled: () => control.all().some(([, redis]) => !isReady(redis)),
    onRefreshed: (masters, change) => {
      if (change === 'changed')
        asking.logger.info({ masters: [...masters] }, 'Redis cluster: slots have moved');
      for (const pool of cluster.pools) pool.keep(masters);
      for (const subscriber of cluster.subscribers) subscriber.stayAmong(masters);
      if (change !== 'same') asking.onMoved?.();
    },
  });
  const group = newConnectionGroup({ ...asking, where: maskUrl(asking.url) });
  const cluster: Cluster = { ...asking, group, map, control, pools: [control], subscribers: [] };
  return cluster;
};

const newPool = (cluster: Cluster, kind: ConnectionKind): NodePool => {
  const pool = newNodePool((address) => connectionTo(cluster, address, kind));
  cluster.pools.push(pool);
  return pool;
};

const openPool = async (cluster: Cluster, pool: NodePool): Promise<NodeOf> => {
  pool.keep(cluster.map.masters());
  const all = pool.all().map(([, redis]) => redis);
  const ready = await Promise.all(all.map(readyInTime));
  if (!ready.includes(true)) {
    const why = all[0] ? whyNotReady(all[0]) : 'it has none';
    throw new Error(`cannot use Redis at ${maskUrl(cluster.url)}: none of its masters is ready: ${why}`);
  }
  return (key) => pool.of(cluster.map.ownerOf(key));
};

const connectionTo = (cluster: Cluster, address: Address, kind: ConnectionKind): Redis => {
  const redis = newConnection(optionsTo(cluster, address, kind));
  redis.on('close', cluster.map.refreshSoon);
  return redis;
};

const optionsTo = (cluster: Cluster, address: Address, kind: ConnectionKind): ConnectOptions => {
  const { cluster: urls, group, map, scripts } = cluster;
  return {
    ...cluster,
    url: urls.urlOf(address),
    kind,
    group,
    scripts: scripts?.[kind] ?? [],
    // Any node will do for a subscriber: it moves from node to node.
    keeps: (key) => kind !== 'subscriber' && map.ownerOf(key) === address,
    onRedirect: map.refreshSoon,
  };
};

/** Resolves to false after a time limit; the connection keeps trying after that. */
const readyInTime = (redis: Redis): Promise<boolean> =>
  new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      redis.off('ready', settle);
      resolve(isReady(redis));
    };
    const timer = setTimeout(settle, readyMs);
    redis.on('ready', settle);
  });

const openSubscriber = async (cluster: Cluster): Promise<Redis> => {
  const next = (): Address => anyMaster(cluster);
  const redis = connectionTo(cluster, next(), 'subscriber');
  cluster.subscribers.push(newFailoverSubscriber(redis, next));
  redis.connect().catch(() => undefined);
  await readyInTime(redis);
  return redis;
};

/** A random master, if possible one that is connected. */
const anyMaster = ({ control, map, random = Math.random }: Cluster): Address => {
  const ready = control.all().filter(([, redis]) => isReady(redis));
  const choice = ready.length > 0 ? ready.map(([address]) => address) : [...map.masters()];
  const chosen = choice[Math.floor(random() * choice.length)];
  if (chosen === undefined) throw new Error('the Redis cluster has no master');
  return chosen;
};

const openBlocking = async (cluster: Cluster, key: string, signal: AbortSignal): Promise<Redis> => {
  const options = optionsTo(cluster, cluster.map.ownerOf(key), 'blocking');
  return await connect({ ...options, signal, firstMs: blockingMs });
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
