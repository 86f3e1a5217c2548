import type { Redis } from 'ioredis';
import { beforeAll, compareStreamIds, parseStreamId, type StreamId } from '../../domain/stream-id.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { isMissingKey, parseFields, parseLastId } from '../connection/replies.ts';
import { group, keysOf } from '../keys.ts';

/** A partition's stream, read for inspection. */
export interface StreamSnapshot {
  readonly length: number;
  /** The last id given out, of an entry that may be trimmed by now; 0-0 where there is no stream. */
  readonly lastId: StreamId;
  /** The first entry that was not trimmed. */
  readonly firstId?: StreamId;
  /** What the projectors' group has read; absent while there is no group. */
  readonly lastDelivered?: StreamId;
  /** Entries the group has not read, where Redis knows. */
  readonly lag?: number;
  /** Entries after `after`, counted up to `countMax`; present when the lag is unknown or the group has read further. */
  readonly behind?: number;
  /** The first entry after `after`. */
  readonly oldest?: StreamId;
  /** Where reading starts again because of undecided entries below the watermark. */
  readonly lateFrom?: StreamId;
}

/** Counting further would block the server for too long, and a larger number would not tell more. */
export const countMax = 10_000;

const noStream: StreamSnapshot = { length: 0, lastId: beforeAll };

/**
 * Changes nothing. `after` is the watermark; without a database, it is what the group has read. Throws while
 * Redis is away.
 */
export const inspectStream = async (
  nodeOf: NodeOf,
  { partition, after }: { readonly partition: number; readonly after?: StreamId },
): Promise<StreamSnapshot> => {
  const { requests, lateFrom } = keysOf(partition);
  const redis = nodeOf(requests);
  try {
    const [info, groups, length, late] = await Promise.all([
      redis.xinfo('STREAM', requests),
      redis.xinfo('GROUPS', requests),
      redis.xlen(requests),
      redis.get(lateFrom),
    ]);
    const read = groupIn(groups);
    const from = after ?? read.lastDelivered ?? beforeAll;
    const [[oldest] = [], behind] = await Promise.all([
      redis.xrange(requests, `(${from}`, '+', 'COUNT', 1),
      isLag(read, from) ? undefined : countAfter(redis, requests, from),
    ]);
    const [firstId, oldestId, lateId] = [firstIn(info), idIn(oldest?.[0]), idIn(late)];
    return {
      length,
      lastId: parseLastId(info),
      ...(firstId && { firstId }),
      ...read,
      ...(behind !== undefined && { behind }),
      ...(oldestId && { oldest: oldestId }),
      ...(lateId && { lateFrom: lateId }),
    };
  } catch (error) {
    if (isMissingKey(error)) return noStream;
    throw error;
  }
};

/**
 * Whether the group's lag is exact. It does not count entries that were read and are not committed, as in a
 * batch in flight or after a database restore.
 */
const isLag = (
  { lag, lastDelivered }: Pick<StreamSnapshot, 'lastDelivered' | 'lag'>,
  from: StreamId,
): boolean => lag !== undefined && (!lastDelivered || compareStreamIds(lastDelivered, from) <= 0);

const groupIn = (reply: unknown): Pick<StreamSnapshot, 'lastDelivered' | 'lag'> => {
  const groups = Array.isArray(reply) ? reply.map(parseFields) : [];
  const ours = groups.find((fields) => fields.get('name') === group);
  const lag = ours?.get('lag');
  const lastDelivered = idIn(ours?.get('last-delivered-id'));
  return { ...(lastDelivered && { lastDelivered }), ...(typeof lag === 'number' && { lag }) };
};

const firstIn = (info: unknown): StreamId | undefined => {
  const first: unknown = parseFields(info).get('first-entry');
  return Array.isArray(first) ? idIn(first[0]) : undefined;
};

const idIn = (text: unknown): StreamId | undefined => parseStreamId(String(text));

const countAfter = async (redis: Redis, stream: string, from: StreamId): Promise<number> => {
  let count = 0;
  let last: string = from;
  while (count < countMax) {
    const page = await redis.xrange(stream, `(${last}`, '+', 'COUNT', 1_000);
    count += page.length;
    last = page.at(-1)?.[0] ?? last;
    if (page.length < 1_000) return count;
  }
  return countMax;
};
