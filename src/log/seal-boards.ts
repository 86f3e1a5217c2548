import type { Redis } from 'ioredis';
import type { PartitionLog } from './contract.ts';
import { keysOf } from './keys.ts';
import { loadScript, runScript } from './scripts.ts';

const script = loadScript('seal-boards');

/** The owner seals again about twice a second; four missed turns, and a missing board means nothing any more. */
export const sealMs = 2_000;

const newSealing =
  (redis: Redis, believedMs: number): PartitionLog['sealBoards'] =>
  async ({ partition, leaseToken }) => {
    const { lease, boardsSealed } = keysOf(partition);
    await runScript(redis, script, { keys: [lease, boardsSealed], args: [leaseToken, believedMs] });
  };

export const newSealBoards = (redis: Redis): PartitionLog['sealBoards'] => newSealing(redis, sealMs);

export const newUnsealBoards = (redis: Redis): PartitionLog['unsealBoards'] => newSealing(redis, 0);
