import type { Redis } from 'ioredis';
import { boundsAt, certainlyAhead, type ServerTime } from '../../domain/server-time.ts';
import { closeConnection, connect } from '../connection/connect.ts';
import type { RedisNodes, RedisOptions } from '../connection/nodes.ts';
import { type Address, newAddress, urlOfNode } from '../connection/redis-url.ts';
import { parseTime } from '../connection/replies.ts';

/** A replica, which may become the master in a fail-over. */
export interface ReplicaSnapshot {
  readonly address: Address;
  /** By how much its clock is certainly ahead of its master's (ms); undefined when it cannot be reached from here. */
  readonly aheadMs: number | undefined;
}

const replicaMs = 1_000;

/** Every replica that a master knows of. Changes nothing. Never throws. */
export const inspectReplicas = async (
  nodes: Pick<RedisNodes, 'masters'>,
  options: RedisOptions,
): Promise<readonly ReplicaSnapshot[]> => {
  const found = await Promise.all(nodes.masters().map(({ redis }) => replicasOf(redis, options)));
  return found.flat();
};

const replicasOf = async (master: Redis, options: RedisOptions): Promise<readonly ReplicaSnapshot[]> => {
  try {
    const addresses = addressesIn(await master.info('replication'));
    return await Promise.all(
      addresses.map(async (address) => ({ address, aheadMs: await aheadOfMaster(address, master, options) })),
    );
  } catch {
    return [];
  }
};

/** In INFO: slave0:ip=10.0.0.7,port=6379,state=online,… */
const addressesIn = (info: string): readonly Address[] =>
  [...info.matchAll(/^slave\d+:ip=([^,]+),port=(\d+),/gm)].map(([, host = '', port]) =>
    newAddress(host, Number(port)),
  );

const aheadOfMaster = async (
  address: Address,
  master: Redis,
  options: RedisOptions,
): Promise<number | undefined> => {
  let replica: Redis | undefined;
  try {
    const url = urlOfNode(options.url, address);
    replica = await connect({
      ...options,
      scripts: [],
      url,
      kind: 'control',
      wants: 'any',
      firstMs: replicaMs,
    });
    const [its, masters] = await Promise.all([timeOf(replica), timeOf(master)]);
    const nowMs = performance.now();
    const [one, other] = [boundsAt(its, nowMs), boundsAt(masters, nowMs)];
    return one && other && certainlyAhead(one, other);
  } catch {
    return undefined;
  } finally {
    if (replica) await closeConnection(replica);
  }
};

const timeOf = async (redis: Redis): Promise<ServerTime> => {
  const sentMs = performance.now();
  const timeMs = parseTime(await redis.time());
  return { timeMs, sentMs, answeredMs: performance.now() };
};
