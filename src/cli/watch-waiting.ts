import type { Config } from '../config.ts';
import type { ApiLog } from '../log/redis-log.ts';
import { metricList } from '../telemetry/metric-list.ts';
import type { Registry } from '../telemetry/registry.ts';

/** How many clients wait for an outcome here, and how many follow one. */
export const watchWaiting = (
  registry: Registry,
  { waitersMax, streamsMax }: Pick<Config, 'waitersMax' | 'streamsMax'>,
  { waiting, watching }: Pick<ApiLog, 'waiting' | 'watching'>,
): void => {
  registry.gauge(metricList.boundUsed, () => [
    { labels: ['waiters'], value: waiting() },
    { labels: ['event_streams'], value: watching() },
  ]);
  registry.gauge(metricList.boundLimit, () => [
    { labels: ['waiters'], value: waitersMax },
    { labels: ['event_streams'], value: streamsMax },
  ]);
};
