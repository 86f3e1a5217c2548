/** What a run found of a side's promises: counted from rows and answers, never assumed. */
export interface PromiseCheck {
  /** Places sold beyond the capacity, when more was asked for than there was. */
  readonly oversold: number;
  /** Told yes, or that it is in the queue, and there is no sale, although nothing was disturbed. */
  readonly lost: number;
  /** Told so before it was on disk: gone after a kill -9 of the side's own processes and a new start. */
  readonly beforeDurable: number;
  /** Sold more than once after that start. */
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
