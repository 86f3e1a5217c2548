import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random } from '../domain/ports.ts';

/** The real clock, handed to everything that asks what time it is. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};

export const realRandom: Random = Math.random;

/** Who we are to other processes: readable, and new at every start. */
export const newProcessId = (): string => `${hostname().slice(0, 64)}-${process.pid}-${randomInt(1_000_000)}`;
