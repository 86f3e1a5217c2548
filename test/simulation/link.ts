import type { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';

/** One process's connection to one server, and the connections that replace it. */
export interface Link {
  readonly machine: Machine;
  generation(): number;
  isCut(): boolean;
  /** Fails every call in flight and lets no new one through for `ms`. */
  cut(ms: number): void;
  /**
   * Registers how a call fails if the connection is lost before its answer. Returns a function that
   * unregisters it.
   */
  open(fail: () => void): () => void;
  /**
   * When something sent now arrives, with a delay of `ms`: never before what was sent earlier, as on a TCP
   * connection.
   */
  arrivalMs(ms: number): number;
}

export const newLink = (machine: Machine, scheduler: Scheduler): Link => {
  const questions = new Set<() => void>();
  let generation = 1;
  let cutUntilMs = 0;
  let lastArrivalMs = 0;
  return {
    machine,
    generation: () => generation,
    isCut: () => scheduler.nowMs() < cutUntilMs,
    cut: (ms) => {
      generation += 1;
      cutUntilMs = Math.max(cutUntilMs, scheduler.nowMs() + ms);
      lastArrivalMs = 0;
      const open = [...questions];
      questions.clear();
      for (const fail of open) fail();
    },
    open: (fail) => {
      questions.add(fail);
      return () => questions.delete(fail);
    },
    arrivalMs: (ms) => {
      lastArrivalMs = Math.max(lastArrivalMs, scheduler.nowMs() + ms);
      return lastArrivalMs;
    },
  };
};
