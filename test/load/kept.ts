/** The result of checking a side's promises: counted from rows and answers, never assumed. */
export interface PromiseCheck {
  /** Places sold beyond the capacity, with more demand than places. */
  readonly oversold: number;
  /** Requests answered "yes" or "queued" without a sale, although nothing was disturbed. */
  readonly lost: number;
  /**
   * Requests answered so before they were on disk: lost after a kill -9 of the side's own processes and a
   * restart.
   */
  readonly beforeDurable: number;
  /** Sold more than once after that restart. */
  readonly twice: number;
}

export const keptText = (kept: PromiseCheck | undefined): string => {
  if (kept === undefined) return 'not looked at';
  const broken = [
    ...(kept.oversold > 0 ? [`oversold by ${kept.oversold}`] : []),
    ...(kept.lost > 0 ? [`lost ${kept.lost}`] : []),
    ...(kept.beforeDurable > 0 ? [`answered ${kept.beforeDurable} before durable`] : []),
    ...(kept.twice > 0 ? [`sold ${kept.twice} twice`] : []),
  ];
  return broken.length === 0 ? 'yes' : broken.join(', ');
};
