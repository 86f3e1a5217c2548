import type { Clock } from '../domain/ports.ts';

/** A sleep that can be cut short, also by a ring that came just before it began. */
export interface Alarm {
  ring(): void;
  wait(ms: number): Promise<void>;
}

export const newAlarm = (clock: Clock): Alarm => {
  let next = new AbortController();
  return {
    ring: () => next.abort('rung'),
    wait: async (ms) => {
      const { signal } = next;
      if (!signal.aborted) await clock.sleep(ms, signal);
      next = new AbortController();
    },
  };
};
