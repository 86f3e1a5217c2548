import type { Redis } from 'ioredis';
import { closeConnection } from '../connection/connect.ts';
import type { Address } from '../connection/redis-url.ts';

/** A connection of one kind to each master of a cluster. */
export interface NodePool {
  /** Opens a connection if there is none. While it is not connected, its commands are rejected at once. */
  of(address: Address): Redis;
  /** Opens connections to all of these addresses, and closes all others. */
  keep(addresses: ReadonlySet<Address>): void;
  all(): readonly (readonly [Address, Redis])[];
  close(): Promise<void>;
}

export const newNodePool = (make: (address: Address) => Redis): NodePool => {
  const connections = new Map<Address, Redis>();

  const open = (address: Address): Redis => {
    const redis = make(address);
    connections.set(address, redis);
    // The driver keeps trying by itself. Until it succeeds, the status of the connection shows that it is not
    // ready.
    redis.connect().catch(() => undefined);
    return redis;
  };
  const of = (address: Address): Redis => connections.get(address) ?? open(address);

  return {
    of,
    keep: (addresses) => {
      for (const [address, redis] of connections) {
        if (addresses.has(address)) continue;
        connections.delete(address);
        void retire(redis);
      }
      for (const address of addresses) of(address);
    },
    all: () => [...connections],
    close: async () => {
      await Promise.all([...connections.values()].map(closeConnection));
    },
  };
};

/** QUIT is answered after all earlier commands, so their replies still arrive. */
const retire = async (redis: Redis): Promise<void> => {
  await redis.quit().catch(() => undefined);
  redis.disconnect();
};
