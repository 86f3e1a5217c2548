import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { serverIdOf } from '../connection/prepare-connection.ts';
import { loadScript } from '../connection/scripts.ts';
import type { PartitionLog } from '../contract.ts';
import { keysOf } from '../keys.ts';

const script = loadScript('mark-boards-complete');

/** The owner sets the mark again about twice a second; after four missed times, a missing board means nothing any more. */
export const completeMarkMs = 2_000;

export const newMarkBoardsComplete =
  (nodeOf: NodeOf): PartitionLog['markBoardsComplete'] =>
  async ({ partition, leaseToken }) => {
    const { lease, boardsSealed } = keysOf(partition);
    const server = serverIdOf(nodeOf(boardsSealed));
    if (server === undefined) return;
    const args = [leaseToken, completeMarkMs, server];
    await runScript(nodeOf, script, { keys: [lease, boardsSealed], args });
  };

/** Needs no lease: an owner whose lease has just run out may still commit a show, which then has no board. */
export const newMarkBoardsIncomplete =
  (nodeOf: NodeOf): PartitionLog['markBoardsIncomplete'] =>
  async ({ partition }) => {
    const { boardsSealed } = keysOf(partition);
    await nodeOf(boardsSealed).del(boardsSealed);
  };
