import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../domain/ports.ts';

export interface TimeLimit {
  readonly limitMs: number;
  /** The message of the error that comes instead. */
  readonly message: string;
  /** That of the clock which was handed in, where there is one: a simulation has a time of its own. */
  readonly sleep?: Clock['sleep'];
}

/**
 * The value of the promise, or an error when it did not come in time. The work goes on all the same: whoever gives up waiting
 * knows nothing about its outcome. Leaves no timer behind.
 */
export const inTime = async <Value>(
  work: Promise<Value>,
  { limitMs, message, sleep = sleepFor }: TimeLimit,
): Promise<Value> => {
  const settled = new AbortController();
  const late = sleep(limitMs, settled.signal).then(() => {
    if (!settled.signal.aborted) throw new Error(message);
    return work;
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    // With a reason of its own no Error is made, with its stack, for every answer that came in time.
    settled.abort('settled');
  }
};

/** Resolves after `ms`, or at once when the signal is aborted. */
export const sleepFor: Clock['sleep'] = async (ms, signal) => {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
};
