import { numberIn, type Row } from '../database/columns.ts';
import type { JournalRange } from './replay.ts';

/** The position of each partition, by partition number. */
export type Positions = ReadonlyMap<number, number>;

export const positionsOf = (rows: readonly Row[]): Positions =>
  new Map(rows.map((row) => [numberIn(row, 'id'), numberIn(row, 'position')]));

/** The journal ranges between two sets of positions, partition by partition. */
export const rangesBetween = (from: Positions, to: Positions): readonly JournalRange[] =>
  [...to]
    .map(([partition, upTo]) => ({ partition, after: from.get(partition) ?? 0, upTo }))
    .filter(({ after, upTo }) => after < upTo);

/** The number of decisions in these ranges, or a few more, because positions have gaps. */
export const lengthOf = (ranges: readonly JournalRange[]): number =>
  ranges.reduce((sum, { after, upTo }) => sum + upTo - after, 0);
