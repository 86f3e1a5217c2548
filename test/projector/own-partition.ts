import type { Lease } from '../../src/lease/contract.ts';
import type { ProjectorDependencies } from '../../src/projector/dependencies.ts';
import type { Memory } from '../../src/projector/memory.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { takeOver } from '../../src/projector/take-over.ts';

/** A take-over without obstacles. */
export const ownPartition = async (
  dependencies: ProjectorDependencies,
  lease: Lease,
  memory?: Memory,
): Promise<OwnedPartition> => {
  const taken = await takeOver(dependencies, lease, memory);
  if ('type' in taken) throw new Error(`partition ${lease.partition} was not taken over: ${taken.type}`);
  return taken;
};
