import type { CommandOptions } from '../../command/options.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../domain/ports.ts';
import type { ApiLog } from '../../log/redis-log.ts';
import { newWaitingReads, type WaitingReads } from '../../store/read/waiting-reads.ts';
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

/** The reads of a process that wait for the primary. Those that it does not answer are counted by reason. */
export const newCountedReads = (registry: Registry, { readsWaitingMax }: Config): WaitingReads => {
  const unanswered = countersBy(registry, metricList.readsUnanswered);
  return newWaitingReads({
    max: readsWaitingMax,
    onUnanswered: (why, callers) => {
      unanswered(why).value += callers;
    },
  });
};

export interface WaitingCallers extends Pick<ApiLog, 'waiting' | 'watching' | 'following'> {
  readonly reads: WaitingReads;
  /** Those that wait for the replica, where there is one. */
  readonly replicaReads: WaitingReads | undefined;
}

/** How many clients wait for an outcome here, how many follow one, and how many wait for a read. */
export const watchWaiting = (
  registry: Registry,
  { waitersMax, streamsMax, feedFollowersMax, readsWaitingMax }: Config,
  { waiting, watching, following, reads, replicaReads }: WaitingCallers,
): void => {
  const bounds = [
    { labels: ['waiters'], used: waiting, limit: waitersMax },
    { labels: ['event_streams'], used: watching, limit: streamsMax },
    { labels: ['feed_followers'], used: following, limit: feedFollowersMax },
    { labels: ['waiting_reads'], used: reads.count, limit: readsWaitingMax },
    ...(replicaReads
      ? [{ labels: ['waiting_replica_reads'], used: replicaReads.count, limit: readsWaitingMax }]
      : []),
  ];
  registry.gauge(metricList.boundUsed, () => bounds.map(({ labels, used }) => ({ labels, value: used() })));
  registry.gauge(metricList.boundLimit, () => bounds.map(({ labels, limit }) => ({ labels, value: limit })));
};
