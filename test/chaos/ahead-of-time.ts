import { keysOf } from '../../src/log/keys.ts';
import type { OwnServer } from '../support/servers.ts';
import { withRedis } from './redis-pair.ts';
import { partitions } from './world.ts';

/**
 * From now on the ids of entries are as if this Redis' clock ran ahead: those of its successor will be lower.
 */
export const aheadOfTime = (server: OwnServer, ms: number): Promise<void> =>
  withRedis(server, async (redis) => {
    for (let partition = 0; partition < partitions; partition += 1)
      await redis.call('XSETID', keysOf(partition).requests, `${Date.now() + ms}-0`).catch(() => undefined);
  });
