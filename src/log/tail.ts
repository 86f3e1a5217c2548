import { beforeAll, type StreamId } from '../domain/stream-id.ts';
import type { LogTail } from './contract.ts';
import { keysOf } from './keys.ts';
import type { NodeOf } from './nodes.ts';
import { isMissingKey, parseLastId } from './replies.ts';

/**
 * Calls of one turn of the event loop share a question. The share ends before the question is sent: an answer
 * that was on its way already may not know of an append its caller has seen confirmed.
 */
export const newLogTail = (nodeOf: NodeOf): LogTail => {
  const unsent = new Map<number, Promise<StreamId>>();

  const askSoon = (partition: number): Promise<StreamId> =>
    new Promise((resolve, reject) => {
      setImmediate(() => {
        unsent.delete(partition);
        ask(nodeOf, partition).then(resolve, reject);
      });
    });

  return {
    lastId: (partition) => {
      const shared = unsent.get(partition);
      if (shared !== undefined) return shared;
      const answer = askSoon(partition);
      unsent.set(partition, answer);
      return answer;
    },
  };
};

/** Not the last entry but the last id given: they differ once a stream was trimmed or lifted. */
const ask = async (nodeOf: NodeOf, partition: number): Promise<StreamId> => {
  const { requests } = keysOf(partition);
  try {
    return parseLastId(await nodeOf(requests).xinfo('STREAM', requests));
  } catch (error) {
    if (isMissingKey(error)) return beforeAll;
    throw error;
  }
};
