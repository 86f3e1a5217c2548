import type { StreamId } from '../domain/stream-id.ts';
import { metricList } from './metrics/metric-list.ts';
import type { Registry } from './metrics/registry.ts';
import type { PartitionActivity } from './observe-projector.ts';

interface Lag {
  readonly entries: number;
  readonly oldestMs: number;
  readonly length: number;
  readonly keptMs: number;
  readonly aheadMs: number;
}

export interface LagWatchOptions {
  readonly registry: Registry;
  readonly worked: ReadonlyMap<number, PartitionActivity>;
  /** Partitions that no projector works, as far as this process knows. */
  readonly free: () => readonly number[];
  readonly sampleLag: (stream: { partition: number; after?: StreamId }) => Promise<Lag>;
  /** Share of Redis' maxmemory in use, 0..1. */
  readonly sampleMemory: () => Promise<number>;
  readonly limits: Readonly<Record<LagBound, number>>;
  readonly monotonicMs: () => number;
}

type LagBound =
  | 'backlog_entries'
  | 'backlog_wait_seconds'
  | 'redis_memory_share'
  | 'retention_entries'
  | 'retention_seconds';

interface LagSample extends Lag {
  readonly waitSeconds: number;
  readonly decided: number;
  readonly atMs: number;
}

/**
 * Samples the streams that are worked here, and those that no projector works, because no other process would
 * report their lag. Returns the function that takes one sample; the caller decides how often.
 */
export const watchLag = (watching: LagWatchOptions): (() => Promise<void>) => {
  const { registry, worked, free, sampleLag, sampleMemory, limits, monotonicMs } = watching;
  let samples: ReadonlyMap<number, LagSample> = new Map();
  let memory = 0;
  const most = (value: (lag: LagSample) => number): number =>
    Math.max(0, ...[...samples.values()].map(value));
  const used: Readonly<Record<LagBound, () => number>> = {
    backlog_entries: () => most(({ entries }) => entries),
    backlog_wait_seconds: () => most(({ waitSeconds }) => waitSeconds),
    redis_memory_share: () => memory,
    retention_entries: () => most(({ length }) => length),
    retention_seconds: () => most(({ keptMs }) => keptMs / 1_000),
  };
  for (const [bound, read] of Object.entries(used))
    registry.gauge(metricList.boundUsed, () => [{ labels: [bound], value: read() }]);
  for (const [bound, value] of Object.entries(limits))
    registry.gauge(metricList.boundLimit, () => [{ labels: [bound], value }]);
  const each = (value: (lag: LagSample) => number) => () =>
    [...samples].map(([partition, lag]) => ({ labels: [partition], value: value(lag) }));
  registry.gauge(
    metricList.lagEntries,
    each(({ entries }) => entries),
  );
  registry.gauge(
    metricList.lagSeconds,
    each(({ oldestMs }) => oldestMs / 1_000),
  );
  registry.gauge(metricList.clockAhead, () => [{ value: most(({ aheadMs }) => aheadMs / 1_000) }]);

  const sampleOf = async (partition: number): Promise<readonly [number, LagSample]> => {
    const activity = worked.get(partition);
    const after = activity?.watermark;
    const lag = await sampleLag({ partition, ...(after && { after }) });
    const decided = activity?.decided ?? 0;
    const now = { ...lag, decided, atMs: monotonicMs() };
    return [partition, { ...now, waitSeconds: estimate(now, samples.get(partition)) }];
  };

  return async () => {
    const partitions = new Set([...worked.keys(), ...free()]);
    samples = new Map(await Promise.all([...partitions].map(sampleOf)));
    memory = await sampleMemory();
  };
};

/** By the pace since the last sample. While nothing is decided, the wait of the oldest entry is a lower bound. */
const estimate = (now: Omit<LagSample, 'waitSeconds'>, before: LagSample | undefined): number => {
  if (now.entries === 0) return 0;
  const perSecond = before
    ? (now.decided - before.decided) / Math.max(1, (now.atMs - before.atMs) / 1_000)
    : 0;
  return perSecond > 0 ? now.entries / perSecond : now.oldestMs / 1_000;
};
