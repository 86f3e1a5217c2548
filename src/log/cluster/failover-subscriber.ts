import type { Redis } from 'ioredis';
import { type Address, hostAndPort } from '../connection/redis-url.ts';

/** A subscriber on any master of a cluster: a message is delivered on all nodes, whichever it was published on. */
export interface FailoverSubscriber {
  readonly redis: Redis;
  /** Leaves a node that is no master any more: it may be cut off from the others, and then hears nothing of them. */
  stayAmong(masters: ReadonlySet<Address>): void;
}

/**
 * Reconnects to another node each time the connection is lost. Its user subscribes again on `ready`, as with one server,
 * and reads the tables for what was missed.
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
