import type { PartitionLog } from './contract.ts';
import { keysOf } from './keys.ts';
import type { NodeOf } from './nodes.ts';
import { loadScript, runScript } from './scripts.ts';

const script = loadScript('seal-boards');

/** The owner seals again about twice a second; four missed turns, and a missing board means nothing any more. */
export const sealMs = 2_000;

const newSealing =
  (nodeOf: NodeOf, believedMs: number): PartitionLog['sealBoards'] =>
  async ({ partition, leaseToken }) => {
    const { lease, boardsSealed } = keysOf(partition);
    await runScript(nodeOf, script, { keys: [lease, boardsSealed], args: [leaseToken, believedMs] });
  };

export const newSealBoards = (nodeOf: NodeOf): PartitionLog['sealBoards'] => newSealing(nodeOf, sealMs);

export const newUnsealBoards = (nodeOf: NodeOf): PartitionLog['unsealBoards'] => newSealing(nodeOf, 0);
