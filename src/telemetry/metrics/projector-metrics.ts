import { msOf, type StreamId } from '../../domain/stream-id.ts';
import type { CommittedBatch } from './batch-times.ts';
import { metricList } from './metric-list.ts';
import { type Counter, countersBy, type Histogram, type Registry } from './registry.ts';

/** The counters and histograms of a projector, looked up once. */
export interface ProjectorMetrics {
  readonly pickUp: Histogram;
  readonly commit: Histogram;
  readonly visible: Histogram;
  readonly total: Histogram;
  readonly batchSize: Histogram;
  readonly commitDuration: Histogram;
  readonly commits: (verdict: string) => Counter;
  readonly decision: (type: string, reason: string) => Counter;
  readonly late: Counter;
  readonly raised: Counter;
  readonly parkings: (reason: string) => Counter;
  readonly publishFailures: Counter;
  readonly takeOvers: Counter;
  readonly ends: (end: string) => Counter;
  /** Adds a kept trace as exemplar to the histograms of its stages. */
  readonly exemplify: (committed: CommittedBatch, kept: KeptTrace) => void;
}

interface KeptTrace {
  readonly streamId: StreamId;
  readonly traceId: string;
  /** Monotonic. */
  readonly nowMs: number;
}

export const newProjectorMetrics = (registry: Registry): ProjectorMetrics => {
  const stage = (name: string): Histogram => registry.histogram(metricList.stage, name);
  const [pickUp, commit, visible, total] = ['pick-up', 'commit', 'visible', 'total'].map(stage);
  if (!pickUp || !commit || !visible || !total) throw new Error('four stages were named');
  return {
    pickUp,
    commit,
    visible,
    total,
    batchSize: registry.histogram(metricList.batchSize),
    commitDuration: registry.histogram(metricList.commitDuration),
    commits: countersBy(registry, metricList.commits),
    decision: decisionsBy(registry),
    late: registry.counter(metricList.lateDecisions),
    raised: registry.counter(metricList.raisedDecisions),
    parkings: countersBy(registry, metricList.parkings),
    publishFailures: registry.counter(metricList.publishFailures),
    takeOvers: registry.counter(metricList.takeOvers),
    ends: countersBy(registry, metricList.tenancyEnds),
    exemplify: ({ read, committedMs }, { streamId, traceId, nowMs }) => {
      const atMs = Date.now();
      const waitedMs = Math.max(0, read.serverMs - msOf(streamId));
      pickUp.exemplify(waitedMs / 1_000, traceId, atMs);
      total.exemplify((waitedMs + nowMs - read.atMs) / 1_000, traceId, atMs);
      commit.exemplify((committedMs - read.atMs) / 1_000, traceId, atMs);
      visible.exemplify((nowMs - committedMs) / 1_000, traceId, atMs);
    },
  };
};

/** Two maps instead of one joined key: this is looked up for each decision. */
const decisionsBy = (registry: Registry): ProjectorMetrics['decision'] => {
  const byType = new Map<string, Map<string, Counter>>();
  return (type, reason) => {
    const byReason = byType.get(type) ?? new Map<string, Counter>();
    byType.set(type, byReason);
    const counter = byReason.get(reason) ?? registry.counter(metricList.decisions, type, reason);
    byReason.set(reason, counter);
    return counter;
  };
};

/** The reason of a parked entry is free text; the label has one of four values. */
export const parkingReason = (why: string): 'refused' | 'undecidable' | 'misrouted' | 'broken' => {
  if (why.startsWith('refused: ')) return 'refused';
  if (why.startsWith('cannot be decided: ')) return 'undecidable';
  return / belongs to partition \d+, not \d+$/.test(why) ? 'misrouted' : 'broken';
};
