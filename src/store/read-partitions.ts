import type { Progress } from './contract.ts';
import { progressOf } from './partition-state.ts';
import { isNull, numberIn, textIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';

const listPartitions = sentence('list-partitions');

export interface PartitionStanding extends Progress {
  readonly partition: number;
  readonly epoch: number;
  /** Who claimed it last, and when by its own clock; absent before the first claim. */
  readonly owner?: string;
  readonly claimedAtMs?: number;
  /** Entries that are parked and wait to be sent again. */
  readonly parked: number;
  /** Holds that are due and whose reservation is none that is held: they never lapse. */
  readonly stuckHolds: number;
}

export const readPartitions = async (session: Session): Promise<readonly PartitionStanding[]> =>
  (await session.rows(listPartitions)).map((row) => ({
    partition: numberIn(row, 'id'),
    epoch: numberIn(row, 'epoch'),
    ...(!isNull(row, 'owner') && { owner: textIn(row, 'owner') }),
    ...(!isNull(row, 'claimed_at_ms') && { claimedAtMs: numberIn(row, 'claimed_at_ms') }),
    ...progressOf(row),
    parked: numberIn(row, 'parked'),
    stuckHolds: numberIn(row, 'stuck_holds'),
  }));
