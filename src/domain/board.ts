import type { PoolId, ShowId } from './ids.ts';
import { available, type ShowLedger } from './ledger.ts';
import type { ShowRules } from './requests.ts';

/** What the door may know of a show. Full pools are listed apart: they are believed for a second only. */
export interface Board {
  readonly showId: ShowId;
  readonly revision: number;
  readonly rules: ShowRules;
  readonly pools: readonly PoolId[];
  /**
   * The latest moment anything of the partition was judged at, where that is ahead of the clock of Redis: whatever
   * arrives is judged at that moment or later, though the clock says less.
   */
  readonly judgedMs?: number;
}

export interface FullPool {
  readonly id: PoolId;
  /** Part of it is only held, so places may come back. */
  readonly mayReturn: boolean;
}

export const boardOf = ({ showId, revision, rules, pools }: ShowLedger): Board => ({
  showId,
  revision,
  rules,
  pools: pools.map(({ id }) => id),
});

export const fullPoolsOf = ({ pools }: ShowLedger): readonly FullPool[] =>
  pools.filter((pool) => available(pool) <= 0).map(({ id, held }) => ({ id, mayReturn: held > 0 }));
