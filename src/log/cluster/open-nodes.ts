import type { RedisNodes, RedisOptions } from '../connection/nodes.ts';
import { isClusterUrl } from '../connection/redis-url.ts';
import { openCluster } from './cluster.ts';
import { openOneNode } from './one-node.ts';

/** Connects to what the URL names, or throws one line that says where and why. */
export const openNodes = (options: RedisOptions): Promise<RedisNodes> =>
  isClusterUrl(options.url) ? openCluster(options) : openOneNode(options);
