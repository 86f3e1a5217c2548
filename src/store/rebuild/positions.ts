import { numberIn, type Row } from '../database/columns.ts';
import type { Stretch } from './replay.ts';

/** Where partitions stand, by their number. */
export type Positions = ReadonlyMap<number, number>;

export const positionsOf = (rows: readonly Row[]): Positions =>
  new Map(rows.map((row) => [numberIn(row, 'id'), numberIn(row, 'position')]));

/** What lies between two standings, partition by partition. */
export const stretchesBetween = (from: Positions, to: Positions): readonly Stretch[] =>
  [...to]
    .map(([partition, upTo]) => ({ partition, after: from.get(partition) ?? 0, upTo }))
    .filter(({ after, upTo }) => after < upTo);

/** How many decisions that is, or a few more: positions have gaps. */
export const lengthOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { after, upTo }) => sum + upTo - after, 0);
