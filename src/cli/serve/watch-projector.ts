import type { Config } from '../../config.ts';
import type { ShowId } from '../../domain/ids.ts';
import type { Logger } from '../../domain/ports.ts';
import type { NodeOf } from '../../log/connection/nodes.ts';
import { partitionTimeMs } from '../../log/connection/server-times.ts';
import { inspectLag } from '../../log/inspect/inspect-lag.ts';
import { inspectServer } from '../../log/inspect/inspect-server.ts';
import type { PartitionCaches } from '../../projector/dependencies.ts';
import { cachedBytesMax } from '../../projector/memory.ts';
import type { Store } from '../../store/open-store.ts';
import { metricList } from '../../telemetry/metrics/metric-list.ts';
import type { Registry } from '../../telemetry/metrics/registry.ts';
import type { ProjectorObserver } from '../../telemetry/observe-projector.ts';
import { sampleRegularly } from '../../telemetry/sample-regularly.ts';
import { watchLag } from '../../telemetry/watch-lag.ts';
import { watchPlaces } from '../../telemetry/watch-places.ts';

export interface WatchOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly store: Store;
  readonly nodeOf: NodeOf;
  readonly worked: ProjectorObserver['worked'];
  readonly free: () => readonly number[];
}

const everyMs = { lag: 5_000, places: 10_000 };

/** Metrics that no batch reports, so they have to be sampled. Returns a function that stops it. */
export const watchProjector = (watching: WatchOptions): (() => void) => {
  const { config, logger, registry, store, nodeOf, worked, free } = watching;
  const { partitionStore } = store;
  const stopping = new AbortController();
  const monotonicMs = (): number => performance.now();
  const places = watchPlaces({
    registry,
    worked,
    sumPlaces: (showId) => store.sumPlaces(showId, stopping.signal),
    showsAfter: async (partition, after, limit): Promise<readonly ShowId[]> => {
      const page = { limit, ...(after && { after }) };
      return (await partitionStore.ledgersOfPartition(partition, page)).showIds;
    },
    monotonicMs,
  });
  const lag = watchLag({
    registry,
    worked,
    free,
    sampleLag: (stream) => inspectLag(nodeOf, stream),
    sampleMemory: async () => {
      const { usedBytes, maxBytes } = await inspectServer(nodeOf);
      return maxBytes > 0 ? usedBytes / maxBytes : 0;
    },
    limits: {
      backlog_entries: config.backlogEntriesMax,
      backlog_wait_seconds: config.backlogWaitSecondsMax,
      redis_memory_share: config.redisMemoryShareMax,
      retention_entries: config.retentionEntriesMax,
      retention_seconds: config.retentionMs / 1_000,
    },
    monotonicMs,
  });
  const parked = watchParked(watching);
  const stops = [
    sampleRegularly('the lag of partitions', { everyMs: everyMs.lag, sample: lag, logger }),
    sampleRegularly('parked entries', { everyMs: everyMs.places, sample: parked, logger }),
    sampleRegularly('stuck holds', { everyMs: everyMs.places, sample: watchStuckHolds(watching), logger }),
    sampleRegularly('the places of shows', { everyMs: everyMs.places, sample: places, logger }),
  ];
  return () => {
    stopping.abort();
    for (const stop of stops) stop();
  };
};

const watchParked = ({ registry, store, worked }: WatchOptions): (() => Promise<void>) => {
  let waiting: ReadonlyMap<number, number> = new Map();
  registry.gauge(metricList.parked, () => [
    { value: [...worked.keys()].reduce((sum, partition) => sum + (waiting.get(partition) ?? 0), 0) },
  ]);
  return async () => {
    waiting = await store.parkedByPartition();
  };
};

const stuckAtOnce = 1_000;
/** A hold this long overdue is not about to lapse. The lag reports a backlog already. */
const overdueMs = 5_000;

/** Sampled apart from an owner's own query, which runs only when a hold that can lapse is due. */
const watchStuckHolds = ({
  registry,
  store,
  worked,
  logger,
  nodeOf,
}: WatchOptions): (() => Promise<void>) => {
  const stuck = new Map<number, number>();
  const refused = (partition: number): number => worked.get(partition)?.memory?.stuckHolds.size ?? 0;
  registry.gauge(metricList.stuckHolds, () => [
    {
      value: [...worked.keys()].reduce(
        (sum, partition) => sum + (stuck.get(partition) ?? 0) + refused(partition),
        0,
      ),
    },
  ]);
  return async () => {
    for (const partition of worked.keys()) {
      const redisMs = await partitionTimeMs(nodeOf, partition);
      const due = { untilMs: redisMs - overdueMs, limit: stuckAtOnce };
      const found = (await store.partitionStore.dueHolds(partition, due)).stuck;
      const [first] = found;
      if (first && stuck.get(partition) !== found.length)
        logger.warn(
          { partition, holds: found.length, first },
          'holds that are due can never lapse: onsale verify',
        );
      stuck.set(partition, found.length);
    }
  };
};

/** The size of the caches of the partitions worked now, and their limit. */
export const watchMemory = (
  registry: Registry,
  worked: ProjectorObserver['worked'],
): ((owned: PartitionCaches) => void) => {
  const bound = ['remembered_bytes'];
  registry.gauge(metricList.boundUsed, () => {
    const remembered = [...worked.values()].flatMap((hand) => hand.memory ?? []);
    const bytes = remembered.reduce(
      (sum, { ledgers, customers }) => sum + ledgers.bytes + customers.bytes,
      0,
    );
    return [{ labels: bound, value: bytes }];
  });
  registry.gauge(metricList.boundLimit, () => [{ labels: bound, value: cachedBytesMax }]);
  return (owned) => {
    const activity = worked.get(owned.partition);
    if (activity) activity.memory = owned;
  };
};
