import { answeredWithin } from './answered-within.ts';
import type { Leases } from './contract.ts';
import { leaseKey } from './keys.ts';
import type { LeaseServer } from './lease-server.ts';

/**
 * Which partitions nobody holds. One EXISTS a partition, all on their way at once: in a cluster every partition lives
 * in a slot of its own, and neither a command nor a pipeline may cross slots. What a node that does not answer keeps
 * cannot be had, so it is not named; only when none answers is there nothing to say.
 */
export const free =
  ({ nodeOf, clock, answerMaxMs }: LeaseServer, partitions: number): Leases['free'] =>
  async () => {
    const exists = async (partition: number): Promise<number> => {
      const key = leaseKey(partition);
      return await nodeOf(key).exists(key);
    };
    const numbers = Array.from({ length: partitions }, (_, partition) => partition);
    const patience = { clock, limitMs: answerMaxMs };
    const answers = numbers.map((partition) => answeredWithin(patience, exists(partition)));
    const settled = await Promise.allSettled(answers);
    if (settled.every(({ status }) => status === 'rejected')) await Promise.all(answers);
    return numbers.filter((partition) => {
      const answer = settled[partition];
      return answer?.status === 'fulfilled' && answer.value === 0;
    });
  };
