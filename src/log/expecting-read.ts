import type { StreamId } from '../domain/stream-id.ts';
import type { PartitionLog, ReadRequest, ReadVerdict } from './contract.ts';

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
}

export const newExpectingRead = (
  ask: (request: ExpectingRead) => Promise<ReadVerdict>,
): PartitionLog['read'] => {
  const expectations = new Map<number, Expectation>();
  return async ({ reset, ...request }) => {
    const { partition, leaseToken } = request;
    const last = expectations.get(partition);
    const expected = !reset && last?.leaseToken === leaseToken ? last.position : undefined;
    expectations.delete(partition);
    const verdict = await ask({ ...request, expected });
    if (verdict.type === 'read') expectations.set(partition, { leaseToken, position: verdict.lastDelivered });
    return verdict;
  };
};
