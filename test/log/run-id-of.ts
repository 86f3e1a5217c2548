import type { Redis } from 'ioredis';

/** What a mark "boards complete" of this server holds. */
export const runIdOf = async (redis: Redis): Promise<string> => {
  const [, id = ''] = /^run_id:(\w+)/m.exec(await redis.info('server')) ?? [];
  return id;
};
