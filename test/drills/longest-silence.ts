import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { OwnServer } from '../support/servers.ts';

export interface SilenceProbe {
  /** The longest duration of a PING so far, ms. */
  readonly longestMs: () => number;
  readonly stop: () => Promise<void>;
}

const everyMs = 20;

/** Pings a Redis continuously: it answers nothing while it moves a large key. */
export const listenForSilence = ({ port }: OwnServer): SilenceProbe => {
  const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 100 });
  redis.on('error', () => undefined);
  let longestMs = 0;
  let stopped = false;
  const pinging = (async () => {
    while (!stopped) {
      const sentMs = performance.now();
      await redis.ping().catch(() => undefined);
      longestMs = Math.max(longestMs, performance.now() - sentMs);
      await delay(everyMs);
    }
    redis.disconnect();
  })();
  return {
    longestMs: () => longestMs,
    stop: async () => {
      stopped = true;
      await pinging;
    },
  };
};
