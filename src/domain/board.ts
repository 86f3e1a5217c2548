import type { PoolId, ShowId } from './ids.ts';
import { available, type ShowLedger } from './ledger.ts';
import type { ShowRules } from './requests.ts';

/** What the door knows of a show. Full pools are kept apart, because the door trusts them for one second only. */
export interface Board {
  readonly showId: ShowId;
  readonly revision: number;
  readonly rules: ShowRules;
  readonly pools: readonly PoolId[];
  /**
   * The latest time that anything of the partition was judged at; set when it is ahead of Redis' clock. Every request is
   * then judged at this time or later, although that clock shows less.
   */
  readonly judgedMs?: number;
}

export interface FullPool {
  readonly id: PoolId;
  /** Some of its places are only held, so they may come back. */
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
