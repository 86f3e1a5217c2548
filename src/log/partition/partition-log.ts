import { cork } from '../connection/cork.ts';
import type { NodeOf, RedisNodes } from '../connection/nodes.ts';
import { serverIdOf } from '../connection/prepare-connection.ts';
import type { PartitionLog } from '../contract.ts';
import { keysOf } from '../keys.ts';
import { type ClaimNoteOptions, newCompareClaim, newNoteClaim } from './claim-notes.ts';
import { newFencedRead } from './fenced-read.ts';
import { newLift } from './lift.ts';
import { newMarkBoardsComplete, newMarkBoardsIncomplete } from './mark-boards.ts';
import { newPublish } from './publish.ts';
import { newTrim, type Retention } from './trim.ts';
import { newEntryWaiter } from './wait-for-entries.ts';

export interface PartitionLogOptions extends Retention, ClaimNoteOptions {
  readonly nodes: Pick<RedisNodes, 'control' | 'openBlocking'>;
}

/** What a projector does to the partitions it owns. `close` ends only the blocking connections. */
export const newPartitionLog = (
  options: PartitionLogOptions,
): { readonly partitionLog: PartitionLog; readonly close: () => Promise<void> } => {
  const { control, openBlocking } = options.nodes;
  const entryWaiter = newEntryWaiter(openBlocking);
  // Partitions do the same at the same moment (projector/turns.ts, maintain.ts), so all of that is one write to each server.
  const together: NodeOf = (key) => cork(control(key));
  const partitionLog: PartitionLog = {
    read: newFencedRead(together),
    waitForEntries: entryWaiter.wait,
    lift: newLift(together),
    compareClaim: newCompareClaim(together, options),
    noteClaim: newNoteClaim(together, options),
    trim: newTrim(together, options),
    publish: newPublish(together),
    boardsServer: (partition) => serverIdOf(control(keysOf(partition).boardsSealed)),
    markBoardsComplete: newMarkBoardsComplete(together),
    markBoardsIncomplete: newMarkBoardsIncomplete(control),
  };
  return { partitionLog, close: entryWaiter.close };
};
