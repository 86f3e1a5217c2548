import type { Redis } from 'ioredis';
import { type ConnectionKind, closeConnection, connect } from './connect.ts';
import type { RedisNodes, RedisOptions } from './nodes.ts';

/** One server keeps every key. */
export const openOneNode = async (options: RedisOptions): Promise<RedisNodes> => {
  const open: Redis[] = [];
  const openOne = async (kind: ConnectionKind): Promise<Redis> => {
    const redis = await connect({ ...options, kind });
    open.push(redis);
    return redis;
  };
  const control = await openOne('control');
  return {
    isOne: true,
    control: () => control,
    masters: () => [{ redis: control }],
    openProducer: async () => {
      const producer = await openOne('producer');
      return () => producer;
    },
    openSubscriber: () => openOne('subscriber'),
    openBlocking: (_key, signal) => connect({ ...options, kind: 'blocking', signal }),
    ping: async () => {
      await control.ping();
    },
    close: async () => {
      await Promise.all(open.map(closeConnection));
    },
  };
};
