import type { Clock } from '../../src/domain/ports.ts';
import type { Scheduler } from './scheduler.ts';

/** A process of ours. Between any two of its events it can die, freeze or get a wrong clock. */
export interface Machine {
  readonly name: string;
  readonly clock: Clock;
  /** Delivers an event to the process: now, when it thaws, or never. */
  deliver(run: () => void): void;
  isDead(): boolean;
  /** Cuts the machine off from the network; its processes do not notice. */
  crash(): void;
  onCrash(listener: () => void): void;
  freeze(ms: number): void;
  setClock(aheadMs: number): void;
}

/** The wall clock of every world when its run begins, ms since the epoch. */
export const beginningMs = 1_700_000_000_000;

export const newMachine = (name: string, scheduler: Scheduler): Machine => {
  const listeners: (() => void)[] = [];
  let dead = false;
  let frozenUntilMs = 0;
  let aheadMs = 0;

  const deliver = (run: () => void): void => {
    if (dead) return;
    const leftMs = frozenUntilMs - scheduler.nowMs();
    if (leftMs > 0) scheduler.after(leftMs, () => deliver(run));
    else run();
  };

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const callOff = scheduler.after(ms, () => deliver(wake));
      const wake = (): void => {
        callOff();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      signal?.addEventListener('abort', wake);
    });

  return {
    name,
    deliver,
    isDead: () => dead,
    crash: () => {
      dead = true;
      for (const listener of listeners) listener();
    },
    onCrash: (listener) => listeners.push(listener),
    freeze: (ms) => {
      frozenUntilMs = Math.max(frozenUntilMs, scheduler.nowMs() + ms);
    },
    setClock: (ms) => {
      aheadMs = ms;
    },
    clock: {
      nowMs: () => Math.floor(beginningMs + scheduler.nowMs() + aheadMs),
      monotonicMs: () => scheduler.nowMs(),
      sleep,
    },
  };
};
