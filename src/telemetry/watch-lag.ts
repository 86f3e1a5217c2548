import type { StreamId } from '../domain/stream-id.ts';
import { metricList } from './metrics/metric-list.ts';
import type { Registry } from './metrics/registry.ts';
import type { Worked } from './observe-projector.ts';

interface Lag {
  readonly entries: number;
  readonly oldestMs: number;
  readonly length: number;
  readonly keptMs: number;
  readonly aheadMs: number;
}

export interface LagWatching {
  readonly registry: Registry;
  readonly worked: ReadonlyMap<number, Worked>;
  /** Partitions that nobody holds, as far as it is known. */
  readonly free: () => readonly number[];
  readonly lookAtLag: (stream: { partition: number; after?: StreamId }) => Promise<Lag>;
  /** Share of Redis' maxmemory in use, 0..1. */
  readonly lookAtMemory: () => Promise<number>;
  readonly limits: Readonly<Record<LagBound, number>>;
  readonly monotonicMs: () => number;
}

type LagBound =
  | 'backlog_entries'
  | 'backlog_wait_seconds'
  | 'redis_memory_share'
  | 'retention_entries'
  | 'retention_seconds';

interface Seen extends Lag {
  readonly waitSeconds: number;
  readonly decided: number;
  readonly atMs: number;
}

/**
 * Looks at the streams that are worked here and at those that nobody works, whose lag would else be seen by nobody.
 * Returns one look; whoever made it says how often.
 */
export const watchLag = (watching: LagWatching): (() => Promise<void>) => {
  const { registry, worked, free, lookAtLag, lookAtMemory, limits, monotonicMs } = watching;
  let seen: ReadonlyMap<number, Seen> = new Map();
  let memory = 0;
  const most = (value: (lag: Seen) => number): number => Math.max(0, ...[...seen.values()].map(value));
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
  const each = (value: (lag: Seen) => number) => () =>
    [...seen].map(([partition, lag]) => ({ labels: [partition], value: value(lag) }));
  registry.gauge(
    metricList.lagEntries,
    each(({ entries }) => entries),
  );
  registry.gauge(
    metricList.lagSeconds,
    each(({ oldestMs }) => oldestMs / 1_000),
  );
  registry.gauge(metricList.clockAhead, () => [{ value: most(({ aheadMs }) => aheadMs / 1_000) }]);

  const lookAt = async (partition: number): Promise<readonly [number, Seen]> => {
    const hand = worked.get(partition);
    const after = hand?.watermark;
    const lag = await lookAtLag({ partition, ...(after && { after }) });
    const decided = hand?.decided ?? 0;
    const now = { ...lag, decided, atMs: monotonicMs() };
    return [partition, { ...now, waitSeconds: estimate(now, seen.get(partition)) }];
  };

  return async () => {
    const partitions = new Set([...worked.keys(), ...free()]);
    seen = new Map(await Promise.all([...partitions].map(lookAt)));
    memory = await lookAtMemory();
  };
};

/** At the pace since the last look; while nothing is decided, what the oldest has waited is the least it can be. */
const estimate = (now: Omit<Seen, 'waitSeconds'>, before: Seen | undefined): number => {
  if (now.entries === 0) return 0;
  const perSecond = before
    ? (now.decided - before.decided) / Math.max(1, (now.atMs - before.atMs) / 1_000)
    : 0;
  return perSecond > 0 ? now.entries / perSecond : now.oldestMs / 1_000;
};
