import { openCluster } from './cluster.ts';
import type { RedisNodes, RedisOptions } from './nodes.ts';
import { openOneNode } from './one-node.ts';
import { isClusterUrl } from './redis-url.ts';

/** Connects to what the URL names, or throws one line that says where and why. */
export const openNodes = (options: RedisOptions): Promise<RedisNodes> =>
  isClusterUrl(options.url) ? openCluster(options) : openOneNode(options);
