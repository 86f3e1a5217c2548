import { waitUntil } from '../../infra/local/wait-until.ts';
import { askNode } from './redis-cluster.ts';
import type { OwnServer } from './servers.ts';

/**
 * Moves a slot of a cluster from one master to another step by step, as `redis-cli --cluster reshard` does.
 */
export interface SlotMove {
  /**
   * From here on the old master refuses commands on keys that it no longer has, and the new one refuses all.
   */
  readonly begin: () => Promise<void>;
  readonly moveKeys: () => Promise<void>;
  /** The slot belongs to the new master; the old one refuses this while it still has keys of the slot. */
  readonly finish: () => Promise<void>;
  /** The move is cancelled: the slot stays with the old master. */
  readonly giveUp: () => Promise<void>;
}

const patienceMs = 60_000;

export const slotMove = async (slot: number, from: OwnServer, to: OwnServer): Promise<SlotMove> => {
  const idOf = async (node: OwnServer): Promise<string> => String(await askNode(node, 'cluster', 'myid'));
  const [fromId, toId] = [await idOf(from), await idOf(to)];
  const set = async (node: OwnServer, ...how: readonly string[]): Promise<void> => {
    await askNode(node, 'cluster', 'setslot', slot, ...how);
  };
  const isEmpty = async (): Promise<boolean> => {
    const keys = parseKeys(await askNode(from, 'cluster', 'getkeysinslot', slot, 100));
    if (keys.length > 0)
      await askNode(from, 'migrate', '127.0.0.1', to.port, '', 0, patienceMs, 'replace', 'keys', ...keys);
    return keys.length === 0;
  };
  return {
    begin: async () => {
      await set(to, 'importing', fromId);
      await set(from, 'migrating', toId);
    },
    moveKeys: async () => {
      if (!(await waitUntil(isEmpty, { limitMs: patienceMs }))) throw new Error(`slot ${slot} is not empty`);
    },
    finish: async () => {
      for (const node of [to, from]) await set(node, 'node', toId);
    },
    giveUp: async () => {
      for (const node of [to, from]) await set(node, 'stable');
    },
  };
};

const parseKeys = (reply: unknown): readonly string[] => reply as readonly string[];
