import { randomBytes } from 'node:crypto';
import type { RequestId } from '../../domain/ids.ts';
import { newStreamId, type StreamId } from '../../domain/stream-id.ts';
import { readable } from '../database/column-types.ts';
import { textIn } from '../database/columns.ts';
import { failureOf, serverErrorOf } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import { newQuery } from '../database/queries.ts';
import type { Session } from '../database/session.ts';
import { readSetting } from '../rows/settings.ts';
import { partitions } from '../schema.ts';

const insertSetting = loadSql('pair/insert-setting');
const findSettledRequests = loadSql('pair/find-settled-requests');

const NO_SUCH_TABLE = 1146;

/** The setting that holds MySQL's half of the pair. */
export const pairSetting = 'pair';

/** 128 random bits in hex. */
export const newPairId = (): string => randomBytes(16).toString('hex');

/** The id of the pair this database belongs to; undefined before the first `onsale migrate` of a version that knows of pairs. */
export const findPairId = (session: Session): Promise<string | undefined> =>
  readSetting(session, pairSetting);

/**
 * Called by the migration, under its lock. An id that exists stays. ON DUPLICATE KEY is not used, because the
 * user who migrates may not UPDATE.
 */
export const givePairId = async (session: Session): Promise<void> => {
  try {
    await session.change(insertSetting, [pairSetting, newPairId()]);
  } catch (error) {
    // Without the table, only a part of the schema exists yet.
    if (failureOf(error) !== 'duplicate' && serverErrorOf(error)?.errno !== NO_SUCH_TABLE) throw error;
  }
};

export interface PartitionProgress {
  readonly partition: number;
  readonly position: number;
  readonly watermark: StreamId;
}

/** In the order of ids. Selects only columns that also a schema without the last migrations has. */
const listStandings = newQuery({}, (db) => {
  const { id, position, watermarkMs, watermarkSeq } = partitions;
  return db.select({ id, position, watermarkMs, watermarkSeq }).from(partitions).orderBy(id);
});

/** MySQL's half of a pair. */
export interface PairStore {
  id(): Promise<string | undefined>;
  /** How far each partition is decided. */
  progress(): Promise<readonly PartitionProgress[]>;
  /** The requests among these that have a decision in this journal or are parked. */
  settled(ids: readonly RequestId[]): Promise<ReadonlySet<RequestId>>;
}

export const pairStoreOver = (session: Session): PairStore => ({
  id: () => findPairId(session),
  progress: async () =>
    (await listStandings.rows(session, {})).map(readable).map((row) => ({
      partition: row.id,
      position: row.position,
      watermark: newStreamId(row.watermarkMs, row.watermarkSeq),
    })),
  settled: async (ids) => {
    if (ids.length === 0) return new Set();
    const byHex = new Map(ids.map((id) => [hexOf(id), id]));
    const rows = await session.rows(findSettledRequests, [JSON.stringify([...byHex.keys()])]);
    return new Set(rows.flatMap((row) => byHex.get(textIn(row, 'id')) ?? []));
  },
});
