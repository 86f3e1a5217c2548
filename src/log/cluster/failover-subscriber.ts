import type { Redis } from 'ioredis';
import { type Address, hostAndPort } from '../connection/redis-url.ts';

/**
 * A subscriber on any master of a cluster. Every node delivers a message, whichever node it was published on.
 */
export interface FailoverSubscriber {
  readonly redis: Redis;
  /**
   * Leaves a node that is not a master any more: it may be cut off from the others and would then miss
   * messages.
   */
  stayAmong(masters: ReadonlySet<Address>): void;
}

/**
 * Reconnects to another node each time the connection is lost. As with one server, its user subscribes again
 * on `ready` and then reads the tables for outcomes that were missed.
 */
export const newFailoverSubscriber = (redis: Redis, next: () => Address): FailoverSubscriber => {
  const addressNow = (): { readonly host: string; readonly port: number } => ({
    host: redis.options.host ?? '',
    port: redis.options.port ?? 0,
  });
  redis.on('close', () => {
    Object.assign(redis.options, hostAndPort(next()));
  });
  return {
    redis,
    stayAmong: (masters) => {
      const now = addressNow();
      const isThere = [...masters]
        .map(hostAndPort)
        .some(({ host, port }) => host === now.host && port === now.port);
      if (!isThere) redis.disconnect(true);
    },
  };
};
