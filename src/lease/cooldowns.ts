import type { Clock } from '../domain/ports.ts';

/**
 * Why a partition is in cooldown. After `stalled`, `unable` and `elsewhere` it counts as ours in the shares; otherwise the
 * others would release leases for us that we would not take. `ended` is only a short pause before the same partition may
 * be taken again.
 */
export type CooldownReason = 'ended' | 'stalled' | 'unable' | 'elsewhere';

export interface Cooldowns {
  begin(partition: number, reason: CooldownReason, forMs: number): void;
  /** Ends all cooldowns with one of these reasons. */
  end(...reasons: readonly CooldownReason[]): void;
  endOf(partition: number): void;
  has(partition: number): boolean;
  of(...reasons: readonly CooldownReason[]): readonly number[];
}

export const newCooldowns = (clock: Clock): Cooldowns => {
  const cooldowns = new Map<number, { readonly reason: CooldownReason; readonly untilMs: number }>();
  const dropPast = (): void => {
    const nowMs = clock.monotonicMs();
    for (const [partition, { untilMs }] of cooldowns) if (nowMs >= untilMs) cooldowns.delete(partition);
  };
  return {
    begin: (partition, reason, forMs) => {
      cooldowns.set(partition, { reason, untilMs: clock.monotonicMs() + forMs });
    },
    end: (...reasons) => {
      for (const [partition, { reason }] of cooldowns)
        if (reasons.includes(reason)) cooldowns.delete(partition);
    },
    endOf: (partition) => {
      cooldowns.delete(partition);
    },
    has: (partition) => {
      dropPast();
      return cooldowns.has(partition);
    },
    of: (...reasons) => {
      dropPast();
      return [...cooldowns]
        .filter(([, { reason }]) => reasons.includes(reason))
        .map(([partition]) => partition);
    },
  };
};
