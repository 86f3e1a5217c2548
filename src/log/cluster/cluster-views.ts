import type { Redis } from 'ioredis';
import { closeConnection, connect } from '../connection/connect.ts';
import type { RedisOptions } from '../connection/nodes.ts';
import { isReady } from '../connection/readiness.ts';
import type { Address, ClusterUrl } from '../connection/redis-url.ts';
import type { NodePool } from './node-pool.ts';
import { type ClusterView, parseClusterNodes } from './slots.ts';

export interface ClusterOptions extends RedisOptions {
  readonly cluster: ClusterUrl;
}

/** Time limit for each node while there are several to ask: the next one may answer at once. */
const nodeMs = 2_000;

/** The topology of the cluster as each connected node reports it; nodes that do not answer are left out. */
export const askConnected = async (
  pool: NodePool,
  options: ClusterOptions,
): Promise<readonly ClusterView[]> => {
  const connected = pool.all().filter(([, redis]) => isReady(redis));
  const asked = await Promise.allSettled(connected.map(([, redis]) => ask(redis, options)));
  return asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
};

/**
 * The view of the first node that answers. Throws an error with the reason of each node when none answers.
 */
export const askAnybody = async (
  addresses: readonly Address[],
  options: ClusterOptions,
): Promise<ClusterView> => {
  const faults: string[] = [];
  for (const address of addresses) {
    try {
      return await askStranger(address, options);
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(faults.join('; '));
};

const askStranger = async (address: Address, options: ClusterOptions): Promise<ClusterView> => {
  const { name, logger } = options;
  const url = options.cluster.urlOf(address);
  // A replica will do: it knows the masters as well.
  const redis = await connect({ name, logger, url, kind: 'control', firstMs: nodeMs, wants: 'any' });
  try {
    return await ask(redis, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${address} does not describe a Redis cluster: ${why}`, { cause: error });
  } finally {
    await closeConnection(redis);
  }
};

const ask = async (redis: Redis, { cluster }: ClusterOptions): Promise<ClusterView> => {
  const view = parseClusterNodes(String(await redis.cluster('NODES')), {
    askedHost: redis.options.host ?? '',
    wantNames: cluster.isSecure,
  });
  if (view.masters.length === 0) throw new Error('no node keeps any slot');
  return view;
};
