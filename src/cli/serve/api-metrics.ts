import type { CommandOptions } from '../../command/options.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../domain/ports.ts';
import type { ApiLog } from '../../log/redis-log.ts';
import { metricList } from '../../telemetry/metrics/metric-list.ts';
import { countersBy, type Registry } from '../../telemetry/metrics/registry.ts';

const everyMs = 10_000;

/** Refusals at the door leave no entry and no decision; only a log line has their number, by reason. */
export const countRefusals = (logger: Logger, registry: Registry) => {
  const all = countersBy(registry, metricList.doorRefusals);
  const counts = new Map<string, number>();
  const say = (): void => {
    if (counts.size === 0) return;
    logger.info({ refused: Object.fromEntries(counts) }, 'refused at the door');
    counts.clear();
  };
  const timer = setInterval(say, everyMs).unref();
  return {
    onRefused: (reason: string): void => {
      all(reason).value += 1;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    stop: (): void => {
      clearInterval(timer);
      say();
    },
  };
};

/** The answer of a call of many is 200 whatever its results are; these metrics have the results. */
export const newManyCounter = (registry: Registry): CommandOptions['onManyAnswered'] => {
  const results = countersBy(registry, metricList.batchResults);
  const size = registry.histogram(metricList.batchBodySize);
  return ({ bodyBytes, statuses }) => {
    for (const status of statuses) results(String(status)).value += 1;
    if (bodyBytes !== undefined) size.observe(bodyBytes);
  };
};

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
