import { beforeAll, compareStreamIds, parseStreamId, type StreamId } from '../../domain/stream-id.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { isMissingKey, parseFields, parseLastId } from '../connection/replies.ts';
import type { LogTail } from '../contract.ts';
import { group, keysOf } from '../keys.ts';

interface StreamEnd {
  readonly lastId: StreamId;
  readonly mayHoldLate: boolean;
}

/**
 * Calls in one turn of the event loop share one query. A call never joins a query that was sent before: its answer may
 * lack an append that the caller has already seen confirmed.
 */
export const newLogTail = (nodeOf: NodeOf): LogTail => {
  const unsent = new Map<number, Promise<StreamEnd>>();

  const askSoon = (partition: number): Promise<StreamEnd> =>
    new Promise((resolve, reject) => {
      setImmediate(() => {
        unsent.delete(partition);
        ask(nodeOf, partition).then(resolve, reject);
      });
    });

  const endOf = (partition: number): Promise<StreamEnd> => {
    const shared = unsent.get(partition);
    if (shared !== undefined) return shared;
    const answer = askSoon(partition);
    unsent.set(partition, answer);
    return answer;
  };

  return {
    lastId: async (partition) => (await endOf(partition)).lastId,
    mayHoldLate: async (partition) => (await endOf(partition)).mayHoldLate,
  };
};

/**
 * The note is read last. Late entries that are delivered after the stream was read then have their note, because the
 * script that delivers late entries writes it, and it stays until they are committed.
 */
const ask = async (nodeOf: NodeOf, partition: number): Promise<StreamEnd> => {
  const { requests, lateFrom } = keysOf(partition);
  const redis = nodeOf(requests);
  try {
    const [info, groups, note] = await Promise.all([
      redis.xinfo('STREAM', requests),
      redis.xinfo('GROUPS', requests),
      redis.get(lateFrom),
    ]);
    const isAllDelivered = compareStreamIds(lastEntryIn(info), deliveredIn(groups)) <= 0;
    return { lastId: parseLastId(info), mayHoldLate: note !== null || !isAllDelivered };
  } catch (error) {
    if (isMissingKey(error)) return { lastId: beforeAll, mayHoldLate: false };
    throw error;
  }
};

/** The id of the last entry. The last generated id will not do: after a lift it belongs to no entry. */
const lastEntryIn = (info: unknown): StreamId => {
  const last = parseFields(info).get('last-entry');
  return (Array.isArray(last) ? parseStreamId(String(last[0])) : undefined) ?? beforeAll;
};

const deliveredIn = (groups: unknown): StreamId => {
  const ours = (Array.isArray(groups) ? groups : []).map(parseFields).find((it) => it.get('name') === group);
  return parseStreamId(String(ours?.get('last-delivered-id'))) ?? beforeAll;
};
