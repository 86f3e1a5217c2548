import type { PoolId } from './ids.ts';

/** `quantity` places of one pool. */
export interface Line {
  readonly poolId: PoolId;
  readonly quantity: number;
}

/** One line for each pool, in the order of first mention; two lines of a pool are added up. */
export const sumLines = (lines: readonly Line[]): readonly Line[] => {
  if (lines.length === 1) return lines;
  const byPool = new Map<PoolId, number>();
  for (const { poolId, quantity } of lines) byPool.set(poolId, (byPool.get(poolId) ?? 0) + quantity);
  if (byPool.size === lines.length) return lines;
  return [...byPool].map(([poolId, quantity]) => ({ poolId, quantity }));
};

export const totalQuantity = (lines: readonly Line[]): number =>
  lines.reduce((total, { quantity }) => total + quantity, 0);
