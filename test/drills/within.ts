import { availableParallelism, loadavg } from 'node:os';
import type { Check } from '../chaos/report.ts';
import { seconds } from './report.ts';
import { check } from './trade.ts';

const goesOnMs = 5_000;

/** With more runnable tasks per core than this, times say nothing about the servers. */
const busyFrom = 1.5;

/** Whether it recovered in time; not checked on an overloaded machine. */
export const within = (recoveredMs: number | undefined, what: string): Check => {
  const text = `decided everywhere again within ${seconds(goesOnMs)} of ${what}`;
  const isLate = recoveredMs === undefined || recoveredMs > goesOnMs;
  const [load = 0] = loadavg();
  if (isLate && recoveredMs !== undefined && load > busyFrom * availableParallelism())
    return {
      what: `${text}: after ${seconds(recoveredMs)}, with a load of ${load.toFixed(0)}`,
      verdict: 'skipped',
    };
  return check(text, isLate ? [`${recoveredMs} ms`] : []);
};
