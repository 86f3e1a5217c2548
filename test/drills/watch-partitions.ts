import { lookAtTable } from '../support/look-at-table.ts';

/** A partition's position was seen to have advanced. */
export interface Move {
  readonly partition: number;
  readonly position: number;
  /** By performance.now(); accurate to one sampling interval. */
  readonly atMs: number;
}

export interface PartitionWatch {
  readonly moves: readonly Move[];
  readonly stop: () => Promise<void>;
}

const question = { sql: 'SELECT id, position FROM partitions', timeout: 2_000 };

/** Samples the positions of the partitions repeatedly. */
export const watchPartitions = (databaseUrl: string): PartitionWatch => {
  const moves: Move[] = [];
  const last = new Map<number, number>();
  const note = (partition: number, position: number, atMs: number): void => {
    // A server that was promoted without the last decisions has a lower position; that is not a new decision.
    if (position > (last.get(partition) ?? position)) moves.push({ partition, position, atMs });
    last.set(partition, position);
  };
  const { stop } = lookAtTable(databaseUrl, question, (rows) => {
    for (const row of rows) note(Number(row['id']), Number(row['position']), performance.now());
  });
  return { moves, stop };
};
