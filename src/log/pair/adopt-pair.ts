import { movedMark } from '../../domain/pair.ts';
import type { NodeOf, RedisNodes } from '../connection/nodes.ts';
import { isErrorReply } from '../connection/unfit-server.ts';
import { keysOf, settingsKey } from '../keys.ts';

/** The name of a connection that only a serving process opens. */
const serving = /^onsale-(.+)-(?:producer|subscriber|blocking)$/;

/**
 * Our serving processes, by the names of their connections; undefined where this user may not list
 * connections.
 */
export const servingProcesses = async ({
  masters,
}: Pick<RedisNodes, 'masters'>): Promise<readonly string[] | undefined> => {
  const lists = await Promise.all(
    masters().map(({ redis }) =>
      redis.client('LIST').then(String, (error: unknown) => {
        if (isErrorReply(error)) return undefined;
        throw error;
      }),
    ),
  );
  if (lists.includes(undefined)) return undefined;
  const names = lists.flatMap((list = '') => [...list.matchAll(/ name=(\S+)/g)].map(([, name = '']) => name));
  return [...new Set(names.flatMap((name) => serving.exec(name)?.[1] ?? []))].toSorted();
};

/** Deletes the leases and the notes of claims. */
export const endOwnership = async (nodeOf: NodeOf, partitions: readonly number[]): Promise<void> => {
  for (const partition of partitions) {
    const { lease, claimed } = keysOf(partition);
    await nodeOf(lease).del(lease, claimed);
  }
};

/** Overwrites Redis' half of the pair. Only for a verb that the operator has confirmed. */
export const overwritePair = async (nodeOf: NodeOf, id: string): Promise<void> => {
  await nodeOf(settingsKey).hset(settingsKey, 'pair', id);
};

/** Lets every process refuse this Redis from now on: its pair has moved to another. */
export const markMoved = (nodeOf: NodeOf, id: string): Promise<void> => overwritePair(nodeOf, movedMark(id));
