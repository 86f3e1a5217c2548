import { percentileOfSorted } from '../statistics.ts';
import type { SendResult } from './plan.ts';

export interface Tally {
  readonly note: (status: number | undefined, latencyMs: number, mark: string) => void;
  readonly result: () => SendResult;
}

/** Counts answers and keeps every latency, because histograms would round the values that are compared. */
export const newTally = (remember: boolean): Tally => {
  const beganMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const answers: Record<string, number> = {};
  const latencies: number[] = [];
  const accepted: string[] = [];
  let failed = 0;
  return {
    note: (status, latencyMs, mark) => {
      if (status === undefined) {
        failed += 1;
        return;
      }
      answers[status] = (answers[status] ?? 0) + 1;
      latencies.push(latencyMs);
      if (remember && status < 300) accepted.push(mark);
    },
    result: () => {
      const seconds = (performance.now() - beganMs) / 1_000;
      const { user, system } = process.cpuUsage(cpuBefore);
      const sorted = latencies.sort((a, b) => a - b);
      const latency = {
        p50: percentileOfSorted(sorted, 0.5),
        p99: percentileOfSorted(sorted, 0.99),
        max: percentileOfSorted(sorted, 1),
      };
      return { answers, failed, seconds, latency, cpuMs: (user + system) / 1_000, accepted };
    },
  };
};
