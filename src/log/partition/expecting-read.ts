import type { StreamId } from '../../domain/stream-id.ts';
import type { PartitionLog, ReadRequest, ReadVerdict } from '../contract.ts';

export interface ExpectingRead extends Omit<ReadRequest, 'reset'> {
  /** Where the group has to stand; undefined asks for a reset. */
  readonly expected: StreamId | undefined;
}

/**
 * Where this process's last read left the group, by lease. A read that goes on from there names it, so that a read
 * of ours that was given up, and reaches the server late, cannot make us skip what it took: the next one starts again.
 */
interface Expectation {
  readonly leaseToken: string;
  readonly position: StreamId;
  /** The very connection of that read. */
  readonly connection: unknown;
}

export interface ExpectingReadOptions {
  readonly ask: (request: ExpectingRead) => Promise<ReadVerdict>;
  /** Which connection a read of the partition would go by now. */
  readonly connectionOf: (partition: number) => unknown;
}

/** After a reconnect the server may be one that went back: nothing is read before the caller knows, and asks for a reset. */
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
