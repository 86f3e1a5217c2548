import type { Redis } from 'ioredis';
import { blockMsMax, closeConnection } from '../connection/connect.ts';
import type { RedisNodes } from '../connection/nodes.ts';
import type { PartitionLog } from '../contract.ts';
import { keysOf } from '../keys.ts';

type WaitRequest = Parameters<PartitionLog['waitForEntries']>[0];

export interface EntryWaiter {
  readonly wait: PartitionLog['waitForEntries'];
  close(): Promise<void>;
}

/**
 * Waits with a plain blocking XREAD, which changes nothing. Every partition that waits has its own connection, made when
 * first needed. After a wait that was aborted or failed it is dropped, because its XREAD may still block the next command.
 */
export const newEntryWaiter = (open: RedisNodes['openBlocking']): EntryWaiter => {
  const connections = new Map<number, Redis>();
  const closing = new AbortController();

  const drop = (partition: number): void => {
    connections.get(partition)?.disconnect();
    connections.delete(partition);
  };

  const connectionFor = async ({ partition, signal }: WaitRequest): Promise<Redis> => {
    const known = connections.get(partition);
    if (known) return known;
    const redis = await open(keysOf(partition).requests, AbortSignal.any([signal, closing.signal]));
    connections.set(partition, redis);
    return redis;
  };

  const wait = async (request: WaitRequest): Promise<void> => {
    const { partition, signal } = request;
    if (signal.aborted) return;
    const onAbort = (): void => drop(partition);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await readBlocking(await connectionFor(request), request);
    } catch (error) {
      drop(partition);
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };

  return {
    wait,
    close: async () => {
      closing.abort();
      await Promise.all([...connections.values()].map(closeConnection));
      connections.clear();
    },
  };
};

/** BLOCK is short whatever the timeout is, so that a dead connection is noticed within seconds. */
const readBlocking = async (
  redis: Redis,
  { partition, after, timeoutMs, signal }: WaitRequest,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  const { requests } = keysOf(partition);
  while (!signal.aborted) {
    const leftMs = Math.ceil(deadline - performance.now());
    if (leftMs <= 0) return;
    const found = await redis.xread(
      'COUNT',
      1,
      'BLOCK',
      Math.min(leftMs, blockMsMax),
      'STREAMS',
      requests,
      after,
    );
    if (found) return;
  }
};
