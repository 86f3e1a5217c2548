import type { Redis } from 'ioredis';
import { maskUrl } from '../../shared/mask-url.ts';
import { type ConnectionKind, type ConnectOptions, closeConnection, connect } from '../connection/connect.ts';
import { newConnectionGroup } from '../connection/connection-group.ts';
import type { RedisNodes, RedisOptions } from '../connection/nodes.ts';

/** Short, because the owner of a partition waits for this connection and reads nothing meanwhile. */
const blockingMs = 1_000;

/** Opens a single server, which keeps every key. */
export const openOneNode = async (options: RedisOptions): Promise<RedisNodes> => {
  const open: Redis[] = [];
  const group = newConnectionGroup({ ...options, where: maskUrl(options.url) });
  const optionsOf = (kind: ConnectionKind): ConnectOptions => ({
    ...options,
    kind,
    group,
    scripts: options.scripts?.[kind] ?? [],
  });
  const openOne = async (kind: ConnectionKind): Promise<Redis> => {
    const redis = await connect(optionsOf(kind));
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
    openBlocking: (_key, signal) => connect({ ...optionsOf('blocking'), signal, firstMs: blockingMs }),
    ping: async () => {
      await control.ping();
    },
    close: async () => {
      await Promise.all(open.map(closeConnection));
    },
  };
};
