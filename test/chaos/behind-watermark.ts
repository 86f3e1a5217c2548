import type { Redis } from 'ioredis';
import { beforeAll, compareStreamIds, parseStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import { keysOf } from '../../src/log/keys.ts';
import { readPartitions } from '../support/partitions.ts';
import { withRedis } from './redis-pair.ts';
import type { ServerUrls } from './world.ts';

/** Counts partitions whose stream ends below the watermark: new entries there would be skipped. */
export const behindWatermark = async ({ redisUrl, databaseUrl }: ServerUrls): Promise<number> => {
  const rows = await readPartitions(databaseUrl);
  return await withRedis({ url: redisUrl }, async (redis) => {
    let behind = 0;
    for (const { id, watermark } of rows) {
      const last = await lastId(redis, id);
      if (compareStreamIds(last, watermark) < 0) behind += 1;
    }
    return behind;
  });
};

const lastId = async (redis: Redis, partition: number): Promise<StreamId> => {
  const info = parseInfo(await redis.xinfo('STREAM', keysOf(partition).requests));
  return parseStreamId(String(info[info.indexOf('last-generated-id') + 1])) ?? beforeAll;
};

const parseInfo = (reply: unknown): readonly unknown[] => reply as readonly unknown[];
