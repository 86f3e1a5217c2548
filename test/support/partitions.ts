import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { compareStreamIds, parseStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import { group, keysOf } from '../../src/log/keys.ts';
import { openRedis, type RedisClient } from './open-redis.ts';

export interface Urls {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

export interface PartitionRow {
  readonly id: number;
  readonly epoch: number;
  /** The last process that claimed it. */
  readonly owner: string;
  readonly watermark: StreamId;
}

const patienceMs = 20_000;

const partitionsQuery = `SELECT id, epoch, COALESCE(owner, '') AS owner,
  CONCAT(watermark_ms, '-', watermark_seq) AS watermark FROM partitions ORDER BY id`;

const rowsOf = async (connection: Connection): Promise<readonly PartitionRow[]> => {
  const [rows] = await connection.query<RowDataPacket[]>(partitionsQuery);
  return rows.map(parseRow);
};

const parseRow = (row: RowDataPacket): PartitionRow => ({
  id: Number(row['id']),
  epoch: Number(row['epoch']),
  owner: String(row['owner']),
  watermark: parseStreamId(String(row['watermark'])) ?? noWatermark(row),
});

const noWatermark = (row: RowDataPacket): never => {
  throw new Error(`partition ${row['id']} has the watermark ${row['watermark']}`);
};

export const isOwner = ({ owner }: PartitionRow, process: { readonly pid: number }): boolean =>
  owner.includes(`-${process.pid}-`);

/** Reads the partitions table until the condition holds; throws with the table if it does not. */
export const untilPartitions = async (
  databaseUrl: string,
  what: string,
  condition: (rows: readonly PartitionRow[]) => boolean | Promise<boolean>,
): Promise<void> => {
  const connection = await createConnection(databaseUrl);
  try {
    const holds = async (): Promise<boolean> => await condition(await rowsOf(connection));
    if (await waitUntil(holds, { limitMs: patienceMs, everyMs: 30 })) return;
    throw new Error(`not within ${patienceMs} ms: ${what}\n${JSON.stringify(await rowsOf(connection))}`);
  } finally {
    await connection.end();
  }
};

export const readPartitions = async (databaseUrl: string): Promise<readonly PartitionRow[]> => {
  const connection = await createConnection(databaseUrl);
  try {
    return await rowsOf(connection);
  } finally {
    await connection.end();
  }
};

/** Resolves when every entry on every stream is at or below its partition's watermark. */
export const untilDecided = async ({ redisUrl, databaseUrl }: Urls): Promise<void> => {
  const redis = await openRedis(redisUrl);
  const isDecided = async ({ id, watermark }: PartitionRow): Promise<boolean> => {
    const [last] = await redis.xrevrange(keysOf(id).requests, '+', '-', 'COUNT', 1);
    const lastId = parseStreamId(last?.[0] ?? '0-0');
    return lastId !== undefined && compareStreamIds(watermark, lastId) >= 0;
  };
  try {
    await untilPartitions(databaseUrl, 'every entry decided', async (rows) =>
      (await Promise.all(rows.map(isDecided))).every((decided) => decided),
    );
  } finally {
    redis.disconnect();
  }
};

/** Position of the group on a partition's stream: what was read, committed or not. */
const lastDelivered = async (redis: RedisClient, partition: number): Promise<StreamId> => {
  const groups = parseGroups(await redis.xinfo('GROUPS', keysOf(partition).requests));
  const ours = groups.find((fields) => fields.includes(group)) ?? [];
  const id = parseStreamId(String(ours[ours.indexOf('last-delivered-id') + 1]));
  if (id === undefined) throw new Error(`partition ${partition} has no group ${group}`);
  return id;
};

const parseGroups = (reply: unknown): readonly unknown[][] => reply as unknown[][];

/** Resolves once the owner of the partition has read entries that are not committed. */
export const untilReadAhead = async ({ redisUrl, databaseUrl }: Urls, partition: number): Promise<void> => {
  const redis = await openRedis(redisUrl);
  try {
    await untilPartitions(databaseUrl, `partition ${partition} read ahead of its watermark`, async (rows) => {
      const delivered = await lastDelivered(redis, partition);
      return rows.some(({ id, watermark }) => id === partition && compareStreamIds(delivered, watermark) > 0);
    });
  } finally {
    redis.disconnect();
  }
};
