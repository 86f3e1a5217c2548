import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock, Random } from '../domain/ports.ts';
import { sleepFor } from '../shared/in-time.ts';

/** The real clock; everything that needs the time gets it as an argument. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: sleepFor,
};

export const realRandom: Random = Math.random;

/** The name of this process for other processes: readable, and new at every start. */
export const newProcessId = (): string => `${hostname().slice(0, 64)}-${process.pid}-${randomInt(1_000_000)}`;
