import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { loadStreamScript } from '../connection/scripts.ts';
import type { PartitionLog } from '../contract.ts';
import { group, keysOf } from '../keys.ts';

const script = loadStreamScript('trim');

export interface Retention {
  /** How far back the database may be restored and still find everything it lost. */
  readonly retentionMs: number;
  /** Above this a stream keeps proportionally less. */
  readonly maxEntries: number;
}

export const newTrim =
  (nodeOf: NodeOf, { retentionMs, maxEntries }: Retention): PartitionLog['trim'] =>
  async ({ partition, leaseToken, watermark }) => {
    const { lease, requests, lateFrom } = keysOf(partition);
    await runScript(nodeOf, script, {
      keys: [lease, requests, lateFrom],
      args: [leaseToken, watermark, group, retentionMs, maxEntries],
    });
  };
