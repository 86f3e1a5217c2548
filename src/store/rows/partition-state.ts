import { msOf, newStreamId } from '../../domain/stream-id.ts';
import type { Progress } from '../contract.ts';
import { newRowReader, type ReadableRow, type SelectedRow } from '../database/column-types.ts';
import { bytesIn, isNull, numberIn, type Row } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import type { Session } from '../database/session.ts';
import { partitions } from '../schema.ts';

const lockSql = loadSql('rows/lock-partition');

export interface PartitionState {
  readonly epoch: number;
  /** Absent before the first claim. */
  readonly token?: string;
  readonly progress: Progress;
}

/**
 * Reads the partition's row and locks it until the open transaction ends. Undefined when there is no such
 * row.
 */
export const lockPartition = async (
  session: Session,
  partition: number,
): Promise<PartitionState | undefined> => {
  const [row] = await session.rows(lockSql, [String(partition)]);
  return row && stateOf(row);
};

const stateOf = (row: Row): PartitionState => ({
  epoch: numberIn(row, 'epoch'),
  ...(!isNull(row, 'claim') && { token: bytesIn(row, 'claim').toString('hex') }),
  progress: progressOf(row),
});

export const progressColumns = {
  position: partitions.position,
  watermarkMs: partitions.watermarkMs,
  watermarkSeq: partitions.watermarkSeq,
  clockMs: partitions.clockMs,
  judgedMs: partitions.judgedMs,
};

export type ProgressColumns = ReadableRow<SelectedRow<typeof progressColumns>>;

/**
 * An older build advances the watermark and leaves judged_ms unchanged or null, so the watermark is its lower
 * bound.
 */
export const progressFrom = (row: ProgressColumns): Progress => {
  const watermark = newStreamId(row.watermarkMs, row.watermarkSeq);
  return {
    position: row.position,
    watermark,
    clockMs: row.clockMs,
    judgedMs: Math.max(row.judgedMs ?? 0, msOf(watermark)),
  };
};

const readProgress = newRowReader(progressColumns);

/** Reads a row of a statement in sql/. */
export const progressOf = (row: Row): Progress => progressFrom(readProgress(row));
