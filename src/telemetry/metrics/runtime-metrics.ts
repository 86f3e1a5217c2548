import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { metricList } from './metric-list.ts';
import type { Registry } from './registry.ts';

/** A window of its own, so that a hundred scrapers do not shorten each other's. */
const windowMs = 10_000;
/** How often the delay is looked at; Node's own default wakes the process twice as often. */
const resolutionMs = 20;

interface Window {
  readonly delays: Readonly<Record<'p50' | 'p99' | 'max', number>>;
  readonly utilization: number;
}

/** What the process itself costs and suffers. Returns how to stop. */
export const observeRuntime = (registry: Registry): (() => void) => {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let began = performance.eventLoopUtilization();
  let last: Window | undefined;
  const look = (): Window => ({
    delays: delaysIn(delay),
    utilization: performance.eventLoopUtilization(began).utilization,
  });
  const timer = setInterval(() => {
    last = look();
    delay.reset();
    began = performance.eventLoopUtilization();
  }, windowMs).unref();
  registry.gauge(metricList.loopDelay, () =>
    Object.entries((last ?? look()).delays).map(([percentile, value]) => ({ labels: [percentile], value })),
  );
  registry.gauge(metricList.loopUtilization, () => [{ value: (last ?? look()).utilization }]);
  // By the clock of the moment: one that is put right meanwhile must not look like another start.
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

/** Node counts the time between two looks; what is above their distance is delay. */
const delaysIn = (delay: IntervalHistogram): Window['delays'] => {
  const above = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e6 - resolutionMs) / 1e3 : 0;
  return {
    p50: above(delay.percentile(50)),
    p99: above(delay.percentile(99)),
    max: delay.count === 0 ? 0 : above(delay.max),
  };
};
