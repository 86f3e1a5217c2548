import type { RedisNodes } from '../connection/nodes.ts';
import type { PartitionLog } from '../contract.ts';
import { type ClaimKeeping, newCompareClaim, newNoteClaim } from './claim-notes.ts';
import { newRead } from './fenced-read.ts';
import { newLift } from './lift.ts';
import { newPublish } from './publish.ts';
import { newSealBoards, newUnsealBoards } from './seal-boards.ts';
import { newTrim, type Retention } from './trim.ts';
import { newDoorbell } from './wait-for-entries.ts';

export interface PartitionLogOptions extends Retention, ClaimKeeping {
  readonly nodes: Pick<RedisNodes, 'control' | 'openBlocking'>;
}

/** What a projector does to the partitions it owns. `close` ends the connections of the doorbell only. */
export const newPartitionLog = (
  options: PartitionLogOptions,
): { readonly partitionLog: PartitionLog; readonly close: () => Promise<void> } => {
  const { control, openBlocking } = options.nodes;
  const doorbell = newDoorbell(openBlocking);
  const partitionLog: PartitionLog = {
    read: newRead(control),
    waitForEntries: doorbell.wait,
    lift: newLift(control),
    compareClaim: newCompareClaim(control, options),
    noteClaim: newNoteClaim(control, options),
    trim: newTrim(control, options),
    publish: newPublish(control),
    sealBoards: newSealBoards(control),
    unsealBoards: newUnsealBoards(control),
  };
  return { partitionLog, close: doorbell.close };
};
