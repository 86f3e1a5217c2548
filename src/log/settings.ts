import { partitionRule as rule } from '../domain/ids.ts';
import { runScript } from '../shared/redis-script.ts';
import type { NodeOf } from './connection/nodes.ts';
import { loadScript } from './connection/scripts.ts';
import { settingsKey } from './keys.ts';

const script = loadScript('agree-settings');

/**
 * Agrees with all other processes on the number of partitions. The first process stores it; a larger number replaces it.
 * Throws, with advice, when this process would see fewer partitions than there are, or routes by another rule.
 */
export const agreePartitions = async (nodeOf: NodeOf, partitions: number): Promise<void> => {
  const reply = await runScript(nodeOf, script, { keys: [settingsKey], args: [partitions, rule] });
  const stored = parseAgreement(reply);
  if (stored.agreed) return;
  if (stored.rule !== rule) {
    throw new Error(
      `Redis was filled by a version that routes ids by the rule "${stored.rule}", this one by "${rule}": run the version that filled it`,
    );
  }
  throw new Error(
    `ONSALE_PARTITIONS is ${partitions}, but Redis already uses ${stored.partitions}: partitions may be added, never taken away, because ids route themselves to them. Set it to ${stored.partitions} or more.`,
  );
};

interface Agreement {
  readonly agreed: boolean;
  readonly partitions: number;
  readonly rule: string;
}

const parseAgreement = (reply: unknown): Agreement => {
  const [code, partitions, storedRule] = reply as [number, number, Buffer];
  return { agreed: code === 1, partitions, rule: storedRule.toString() };
};
