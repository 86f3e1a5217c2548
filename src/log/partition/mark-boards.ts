import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { loadScript } from '../connection/scripts.ts';
import type { PartitionLog } from '../contract.ts';
import { keysOf } from '../keys.ts';

const script = loadScript('mark-boards-complete');

/** The owner seals again about twice a second; four missed turns, and a missing board means nothing any more. */
export const completeMarkMs = 2_000;

export const newMarkBoardsComplete =
  (nodeOf: NodeOf): PartitionLog['markBoardsComplete'] =>
  async ({ partition, leaseToken }) => {
    const { lease, boardsSealed } = keysOf(partition);
    await runScript(nodeOf, script, { keys: [lease, boardsSealed], args: [leaseToken, completeMarkMs] });
  };

/** Whoever it is that asks: an owner whose lease ran out a moment ago may still commit a show that then has no board. */
export const newMarkBoardsIncomplete =
  (nodeOf: NodeOf): PartitionLog['markBoardsIncomplete'] =>
  async ({ partition }) => {
    const { boardsSealed } = keysOf(partition);
    await nodeOf(boardsSealed).del(boardsSealed);
  };
