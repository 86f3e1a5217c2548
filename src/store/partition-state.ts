import { msOf } from '../domain/stream-id.ts';
import type { Progress } from './contract.ts';
import { bytesIn, isNull, numberIn, type Row, streamIdIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';

const lockSentence = sentence('lock-partition');

export interface PartitionState {
  readonly epoch: number;
  /** Absent before the first claim. */
  readonly token?: string;
  readonly progress: Progress;
}

/** Inside a transaction: the partition's row, locked until it ends. Undefined when there is no such row. */
export const lockPartition = async (
  session: Session,
  partition: number,
): Promise<PartitionState | undefined> => {
  const [row] = await session.rows(lockSentence, [String(partition)]);
  return row && stateOf(row);
};

const stateOf = (row: Row): PartitionState => ({
  epoch: numberIn(row, 'epoch'),
  ...(!isNull(row, 'claim') && { token: bytesIn(row, 'claim').toString('hex') }),
  progress: progressOf(row),
});

/** An older build moves the watermark and leaves what was judged as it is, or null. */
export const progressOf = (row: Row): Progress => {
  const watermark = streamIdIn(row, 'watermark');
  const judgedMs = isNull(row, 'judged_ms') ? 0 : numberIn(row, 'judged_ms');
  return {
    position: numberIn(row, 'position'),
    watermark,
    clockMs: numberIn(row, 'clock_ms'),
    judgedMs: Math.max(judgedMs, msOf(watermark)),
  };
};
