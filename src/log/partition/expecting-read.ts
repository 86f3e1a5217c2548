import type { StreamId } from '../../domain/stream-id.ts';
import type { PartitionLog, ReadRequest, ReadVerdict } from '../contract.ts';

export interface ExpectingRead extends Omit<ReadRequest, 'reset'> {
  /** The position that the group must have; undefined asks for a reset. */
  readonly expected: StreamId | undefined;
}

/**
 * Where this process's last read left the group, by lease. A read that continues there names the position. If an earlier
 * read that timed out reaches the server late and moves the group, the positions differ, and the next read starts again
 * instead of skipping entries.
 */
interface Expectation {
  readonly leaseToken: string;
  readonly position: StreamId;
  /** The connection of that read; compared by identity. */
  readonly connection: unknown;
}

export interface ExpectingReadOptions {
  readonly ask: (request: ExpectingRead) => Promise<ReadVerdict>;
  /** The connection that a read of the partition would use now. */
  readonly connectionOf: (partition: number) => unknown;
}

/** After a reconnect the server may have gone back: nothing is read until the caller knows and asks for a reset. */
export const newExpectingRead = ({ ask, connectionOf }: ExpectingReadOptions): PartitionLog['read'] => {
  const expectations = new Map<number, Expectation>();
  return async ({ reset, ...request }) => {
    const { partition, leaseToken } = request;
    const last = expectations.get(partition);
    const connection = connectionOf(partition);
    const goesOn = !reset && last?.leaseToken === leaseToken;
    expectations.delete(partition);
    if (goesOn && last.connection !== connection) return { type: 'reconnected' };
    const verdict = await ask({ ...request, expected: goesOn ? last.position : undefined });
    if (verdict.type === 'read')
      expectations.set(partition, { leaseToken, position: verdict.lastDelivered, connection });
    return verdict;
  };
};
