import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/domain/ports.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export interface VirtualClock extends Clock {
  /** Advances by `ms`: wakes every sleeper at its own moment and lets all consequences settle first. */
  advance(ms: number): Promise<void>;
  sleepers(): number;
}

/** Turns of the event loop between two moments: more than any chain of promises here needs. */
const TURNS = 2;

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
};

/** A clock that advances only on `advance`. */
export const newVirtualClock = (): VirtualClock => {
  const sleepers = new Set<Sleeper>();
  let nowMs = 1_000;

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { atMs: nowMs + ms, wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });

  const advance = async (ms: number): Promise<void> => {
    const untilMs = nowMs + ms;
    await settle();
    for (;;) {
      const next = [...sleepers].sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
      await settle();
    }
    nowMs = untilMs;
    await settle();
  };

  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep,
    advance,
    sleepers: () => sleepers.size,
  };
};
