import type { Clock } from '../domain/ports.ts';

/**
 * Why a partition is left alone for a while. After `stalled`, `unable` and `elsewhere` we sit it out: it counts as ours in the
 * shares, or the others would make room for work we will not do. `ended` is only a breath between two tenancies.
 */
export type RestReason = 'ended' | 'stalled' | 'unable' | 'elsewhere';

export interface Rests {
  begin(partition: number, reason: RestReason, forMs: number): void;
  /** What these rests were for is over. */
  end(...reasons: readonly RestReason[]): void;
  endOf(partition: number): void;
  isResting(partition: number): boolean;
  of(...reasons: readonly RestReason[]): readonly number[];
}

export const newRests = (clock: Clock): Rests => {
  const rests = new Map<number, { readonly reason: RestReason; readonly untilMs: number }>();
  const forgetPast = (): void => {
    const nowMs = clock.monotonicMs();
    for (const [partition, { untilMs }] of rests) if (nowMs >= untilMs) rests.delete(partition);
  };
  return {
    begin: (partition, reason, forMs) => {
      rests.set(partition, { reason, untilMs: clock.monotonicMs() + forMs });
    },
    end: (...reasons) => {
      for (const [partition, { reason }] of rests) if (reasons.includes(reason)) rests.delete(partition);
    },
    endOf: (partition) => {
      rests.delete(partition);
    },
    isResting: (partition) => {
      forgetPast();
      return rests.has(partition);
    },
    of: (...reasons) => {
      forgetPast();
      return [...rests].filter(([, { reason }]) => reasons.includes(reason)).map(([partition]) => partition);
    },
  };
};
