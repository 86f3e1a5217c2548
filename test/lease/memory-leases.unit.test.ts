import { leaseContract } from '../contract/lease.contract.ts';
import { newMemoryLeaseServer } from '../simulation/memory-leases.ts';
import { newVirtualClock } from '../simulation/virtual-clock.ts';
import { suite } from '../support/suite.ts';

const ttlMs = 3_000;
const partitions = 16;

leaseContract(suite('the lease contract, in memory'), async () => {
  const clock = newVirtualClock();
  const server = newMemoryLeaseServer({ clock, partitions, ttlMs });
  return {
    ttlMs,
    partitions,
    leases: server.leases,
    members: server.members,
    monotonicMs: clock.monotonicMs,
    until: async (condition) => {
      for (let passedMs = 0; passedMs < 10 * ttlMs; passedMs += 100) {
        if (await condition()) return true;
        await clock.advance(100);
      }
      return false;
    },
    close: () => Promise.resolve(),
  };
});
