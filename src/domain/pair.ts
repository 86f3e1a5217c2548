import { beforeAll, compareStreamIds, msOf, type StreamId } from './stream-id.ts';

/** One partition in both halves of a pair. */
export interface PartitionHalves {
  readonly partition: number;
  /** In MySQL; 0, and watermark 0-0, when nothing was ever decided. */
  readonly position: number;
  readonly watermark: StreamId;
  /** In Redis: the last id given out; 0-0 when there is no stream. */
  readonly lastId: StreamId;
  readonly firstId?: StreamId;
  /** Whether the request of the entry at the watermark has its decision in this journal; absent = no such entry. */
  readonly atWatermark?: 'decided' | 'unknown';
}

export interface PairHalves {
  readonly mysqlId?: string | undefined;
  readonly redisId?: string | undefined;
  readonly partitions: readonly PartitionHalves[];
  /** When this process last read the id in this Redis, ms since the epoch; absent at its start. */
  readonly seenAtMs?: number | undefined;
}

export type PairRefusal =
  /** The database was migrated by a version that knew no pairs. */
  | 'unmigrated'
  | 'different'
  /** An operator moved the pair to another Redis. */
  | 'moved'
  /** Redis has lost its data, or is another one. */
  | 'redis-empty'
  /** Redis holds requests for another database. */
  | 'mysql-fresh'
  /** The streams do not hold the entries that this journal was made from. */
  | 'not-ours';

export type PairVerdict =
  | { readonly type: 'equal' }
  /** Redis' half is to be written, unless another process has written it meanwhile. */
  | { readonly type: 'write'; readonly why: 'fresh' | 'upgrade' | 'written-back' }
  | { readonly type: 'refuse'; readonly why: PairRefusal; readonly partitions?: readonly number[] };

const moved = 'moved:';

/** Stored in a Redis that its pair has left; equal to no id. */
export const movedMark = (id: string): string => `${moved}${id}`;

/** How far clocks may differ. An entry older than the last reading of the id by more shows a Redis that never had the id. */
const clocksMs = 60_000;

/** Whether a Redis and a MySQL belong together, or may become a pair. An id is only ever written where there is none. */
export const judgePair = ({ mysqlId, redisId, partitions, seenAtMs }: PairHalves): PairVerdict => {
  if (mysqlId === undefined) return { type: 'refuse', why: 'unmigrated' };
  if (redisId === mysqlId) return { type: 'equal' };
  if (redisId?.startsWith(moved)) return { type: 'refuse', why: 'moved' };
  if (redisId !== undefined) return { type: 'refuse', why: 'different' };
  const isFresh = partitions.every(({ position, watermark }) => position === 0 && watermark === beforeAll);
  const hasEntries = partitions.some(({ firstId }) => firstId !== undefined);
  if (isFresh) return hasEntries ? { type: 'refuse', why: 'mysql-fresh' } : { type: 'write', why: 'fresh' };
  if (seenAtMs !== undefined && isYoungerThan(partitions, seenAtMs - clocksMs))
    return { type: 'write', why: 'written-back' };
  if (partitions.every(({ lastId }) => lastId === beforeAll)) return { type: 'refuse', why: 'redis-empty' };
  const strange = partitions.filter(isStrange).map(({ partition }) => partition);
  return strange.length === 0
    ? { type: 'write', why: 'upgrade' }
    : { type: 'refuse', why: 'not-ours', partitions: strange };
};

/** Entries that arrived after the server lost its data may be there already. */
const isYoungerThan = (partitions: readonly PartitionHalves[], ms: number): boolean =>
  partitions.every(({ firstId }) => firstId === undefined || msOf(firstId) >= ms);

const isStrange = ({ watermark, lastId, atWatermark }: PartitionHalves): boolean =>
  compareStreamIds(lastId, watermark) < 0 || atWatermark === 'unknown';
