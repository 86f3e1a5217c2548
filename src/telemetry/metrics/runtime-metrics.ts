import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { metricList } from './metric-list.ts';
import type { Registry } from './registry.ts';

/** Measured in windows of fixed length, so that several scrapers do not shorten each other's. */
const windowMs = 10_000;
/** How often the delay is sampled; Node's default would wake the process twice as often. */
const resolutionMs = 20;

interface Window {
  readonly delays: Readonly<Record<'p50' | 'p99' | 'max', number>>;
  readonly utilization: number;
}

/** Observes CPU, memory and event loop of this process. Returns the stop function. */
export const observeRuntime = (registry: Registry): (() => void) => {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let began = performance.eventLoopUtilization();
  let last: Window | undefined;
  const sample = (): Window => ({
    delays: delaysIn(delay),
    utilization: performance.eventLoopUtilization(began).utilization,
  });
  const timer = setInterval(() => {
    last = sample();
    delay.reset();
    began = performance.eventLoopUtilization();
  }, windowMs).unref();
  registry.gauge(metricList.loopDelay, () =>
    Object.entries((last ?? sample()).delays).map(([percentile, value]) => ({ labels: [percentile], value })),
  );
  registry.gauge(metricList.loopUtilization, () => [{ value: (last ?? sample()).utilization }]);
  // Computed once: a wall clock that is corrected later must not look like a restart.
  const startedS = (Date.now() - performance.now()) / 1_000;
  registry.gauge(metricList.startTime, () => [{ value: startedS }]);
  registry.gauge(metricList.memory, () => [{ value: process.memoryUsage.rss() }]);
  registry.gauge(metricList.cpuTime, () => {
    const { user, system } = process.cpuUsage();
    return [
      { labels: ['user'], value: user / 1e6 },
      { labels: ['system'], value: system / 1e6 },
    ];
  });
  return () => {
    clearInterval(timer);
    delay.disable();
  };
};

/** Node measures the time between two samples; what exceeds the interval is delay. */
const delaysIn = (delay: IntervalHistogram): Window['delays'] => {
  const above = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e6 - resolutionMs) / 1e3 : 0;
  return {
    p50: above(delay.percentile(50)),
    p99: above(delay.percentile(99)),
    max: delay.count === 0 ? 0 : above(delay.max),
  };
};
