import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../domain/ports.ts';

export interface TimeLimit {
  readonly limitMs: number;
  /** The message of the error when the time is over. */
  readonly message: string;
  /** Pass the clock's own `sleep` where a clock is injected: the simulation has its own time. */
  readonly sleep?: Clock['sleep'];
}

/**
 * The value of the promise, or an error when it did not come in time. The work goes on after that error, so its outcome is
 * then unknown to the caller. Before it gives up, it lets the event loop read its sockets: in a process that was busy, the
 * value may be there already. Leaves no timer running.
 */
export const inTime = <Value>(
  work: Promise<Value>,
  { limitMs, message, sleep }: TimeLimit,
): Promise<Value> =>
  sleep
    ? beforeSleepEnds(work, { limitMs, message, sleep })
    : new Promise((resolve, reject) => {
        const limit = setTimeout(() => setImmediate(reject, new Error(message)), limitMs);
        work.finally(() => clearTimeout(limit)).then(resolve, reject);
      });

const beforeSleepEnds = async <Value>(
  work: Promise<Value>,
  { limitMs, message, sleep }: Required<TimeLimit>,
): Promise<Value> => {
  const settled = new AbortController();
  const late = sleep(limitMs, settled.signal).then(() => {
    if (!settled.signal.aborted) throw new Error(message);
    return work;
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    // With an explicit reason, abort creates no Error with a stack for every answer that came in time.
    settled.abort('settled');
  }
};

/** Resolves after `ms`, or at once when the signal is aborted. 0 is the next turn of the event loop; a timer takes 1 ms at least. */
export const sleepFor: Clock['sleep'] = async (ms, signal) => {
  if (ms === 0) return await nextTurn();
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
};
