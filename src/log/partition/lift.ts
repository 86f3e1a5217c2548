import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { loadStreamScript } from '../connection/scripts.ts';
import type { PartitionLog } from '../contract.ts';
import { group, keysOf } from '../keys.ts';

type LiftVerdict = Awaited<ReturnType<PartitionLog['lift']>>;

const script = loadStreamScript('lift');

export const newLift =
  (nodeOf: NodeOf): PartitionLog['lift'] =>
  async ({ partition, leaseToken, watermark, judgedMs, inFlightMax }) => {
    const { lease, requests, lateFrom } = keysOf(partition);
    const code = await runScript(nodeOf, script, {
      keys: [lease, requests, lateFrom],
      args: [leaseToken, watermark, group, judgedMs, inFlightMax],
    });
    return verdictOf(code);
  };

const verdictOf = (code: unknown): LiftVerdict => {
  switch (code) {
    case 0:
      return 'lease-lost';
    case 1:
      return 'current';
    default:
      return 'lifted';
  }
};
