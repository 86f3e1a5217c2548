import type { Redis } from 'ioredis';
import type { Logger } from '../../domain/ports.ts';
import { reasonOf } from './readiness.ts';

export interface Outages {
  /** Logs that the server answers but cannot be used; once for each reason in a row. */
  readonly logUnusable: (why: string) => void;
}

/** Logs one line when the connection is lost and one when it is back, however many attempts lie between. */
export const logOutages = (redis: Redis, where: object, logger: Logger): Outages => {
  let state: 'new' | 'up' | 'down' = 'new';
  let loggedWhy: string | undefined;
  redis.on('error', (error: Error) =>
    logger.debug({ ...where, why: reasonOf(error) }, 'Redis connection error'),
  );
  redis.on('reconnecting', () => {
    if (state === 'up') logger.warn(where, 'Redis connection lost; trying again until it is back');
    if (state === 'up') state = 'down';
  });
  redis.on('ready', () => {
    if (state === 'down') logger.info(where, 'Redis connection is back');
    state = 'up';
    loggedWhy = undefined;
  });
  return {
    logUnusable: (why) => {
      // A failed first connection is reported by the caller that opened it.
      if (state !== 'new' && why !== loggedWhy)
        logger.warn({ ...where, why }, 'Redis answers, but cannot be used');
      loggedWhy = why;
    },
  };
};
