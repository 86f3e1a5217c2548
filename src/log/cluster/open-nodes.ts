import type { RedisNodes, RedisOptions } from '../connection/nodes.ts';
import { isClusterUrl } from '../connection/redis-url.ts';
import { openCluster } from './cluster.ts';
import { openOneNode } from './one-node.ts';

/**
 * Connects to the server or cluster that the URL names. Throws one line that says where and why it failed.
 */
export const openNodes = (options: RedisOptions): Promise<RedisNodes> =>
  isClusterUrl(options.url) ? openCluster(options) : openOneNode(options);
