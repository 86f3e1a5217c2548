import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/domain/ports.ts';
import { type Backoff, backoffMs } from '../../src/shared/backoff.ts';

/** Something that runs until it is stopped or dies: a child process or a private server. */
export interface ChildHandle {
  readonly pid: number;
  /** Settles when it has ended, for whatever reason. */
  readonly exited: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

export interface Plan {
  readonly name: string;
  readonly start: () => Promise<ChildHandle>;
  readonly print: (line: string) => void;
  readonly random?: Random;
  readonly pauses?: Backoff;
}

export interface Supervisor {
  readonly stop: () => Promise<void>;
}

// After running for this long, the next death starts the back-off anew.
const SETTLED_MS = 30_000;

/**
 * Starts a child, and restarts it whenever it dies, with a growing pause while it keeps dying. The jitter
 * keeps several children that died of the same cause from restarting at the same instant. Only the first
 * start throws.
 */
export const supervise = async (plan: Plan): Promise<Supervisor> => {
  const { name, start, print, random = Math.random, pauses = { first: 200, last: 10_000 } } = plan;
  const stopping = new AbortController();
  let running: ChildHandle | undefined = await start();
  let failures = 0;

  const pause = async (why: string): Promise<void> => {
    failures += 1;
    const ms = Math.round(backoffMs(failures, pauses, random));
    print(`${name} ${why}; starting it again in ${ms} ms`);
    await delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  };
  const startAgain = async (): Promise<void> => {
    try {
      running = await start();
      print(`${name} is running again (pid ${running.pid})`);
    } catch (error) {
      await pause(`did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (running === undefined) {
        await startAgain();
        continue;
      }
      const began = performance.now();
      const { pid } = running;
      await running.exited;
      running = undefined;
      if (stopping.signal.aborted) return;
      if (performance.now() - began > SETTLED_MS) failures = 0;
      await pause(`(pid ${pid}) died`);
    }
    // The supervisor was stopped while this start was under way.
    await running?.stop();
  };
  const watching = watch();
  return {
    stop: async () => {
      stopping.abort();
      await running?.stop();
      await watching;
    },
  };
};
