import { answeredWithin } from './answered-within.ts';
import type { Leases } from './contract.ts';
import { leaseKey } from './keys.ts';
import type { LeaseServer } from './lease-server.ts';

/**
 * Which partitions nobody holds. One EXISTS a partition, all on their way at once: in a cluster every partition lives
 * in a slot of its own, and neither a command nor a pipeline may cross slots.
 */
export const free =
  ({ redis, clock, answerMaxMs }: LeaseServer, partitions: number): Leases['free'] =>
  async () => {
    const numbers = Array.from({ length: partitions }, (_, partition) => partition);
    const replies = Promise.all(numbers.map((partition) => redis.exists(leaseKey(partition))));
    const held = await answeredWithin({ clock, limitMs: answerMaxMs }, replies);
    return numbers.filter((partition) => held[partition] === 0);
  };
