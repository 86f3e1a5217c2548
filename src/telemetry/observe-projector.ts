import { isRaised, type JournalEntry } from '../domain/decisions.ts';
import type { ShowId } from '../domain/ids.ts';
import type { Logger } from '../domain/ports.ts';
import { msOf, type StreamId } from '../domain/stream-id.ts';
import type { PartitionWorker } from '../lease/contract.ts';
import type { PartitionLog } from '../log/contract.ts';
import type { Batch, CommitVerdict, PartitionStore } from '../store/contract.ts';
import { logParked } from './log-parked.ts';
import { type BatchesInFlight, type CommittedBatch, noteRead, readOf } from './metrics/batch-times.ts';
import { metricList } from './metrics/metric-list.ts';
import { newProjectorMetrics, type ProjectorMetrics } from './metrics/projector-metrics.ts';
import type { Registry } from './metrics/registry.ts';
import { newNoteUnreadable, observeReads } from './observe-rows.ts';
import { traceBatch } from './trace-batch.ts';
import type { Tracer } from './traces/tracing.ts';

/** The observed state of a partition that is worked here, for code outside its loop. */
export interface PartitionActivity extends BatchesInFlight {
  /** When its loop last called the log or the store; monotonic. */
  beatAtMs: number;
  watermark: StreamId | undefined;
  /** Shows with decisions since their places were last summed. */
  changedShows: Set<ShowId>;
  /** Decisions made here. */
  decided: number;
  /** The owner's caches in memory; undefined until the take-over. */
  memory?: OwnerMemory;
}

export interface OwnerMemory {
  readonly ledgers: { readonly bytes: number };
  readonly customers: { readonly bytes: number };
  readonly stuckHolds: ReadonlySet<string>;
}

export interface ProjectorObserver {
  readonly log: (inner: PartitionLog) => PartitionLog;
  readonly store: (inner: PartitionStore) => PartitionStore;
  readonly worker: (inner: PartitionWorker) => PartitionWorker;
  readonly worked: ReadonlyMap<number, PartitionActivity>;
}

export interface ProjectorObserverOptions {
  readonly registry: Registry;
  readonly tracer?: Tracer | undefined;
  readonly logger: Logger;
}

const changedShowsMax = 10_000;
/** A loop that publishes one batch while it commits the next has two. Older batches were never published. */
const committedMax = 4;

/**
 * Observes a projector by wrapping the log, store and worker that it is given, so the loop knows nothing of
 * telemetry and runs the same in a simulation. Nothing here may throw or change what is decided.
 */
export const observeProjector = (options: ProjectorObserverOptions): ProjectorObserver => {
  const { registry } = options;
  const worked = new Map<number, PartitionActivity>();
  const observing = { ...options, metrics: newProjectorMetrics(registry), worked };
  registry.gauge(metricList.leasesHeld, () => [{ value: worked.size }]);
  registry.gauge(metricList.leaseOwner, () =>
    [...worked.keys()].map((partition) => ({ labels: [partition], value: 1 })),
  );
  return {
    worked,
    log: (inner) => observedLog(inner, observing),
    store: (inner) => observedStore(inner, observing),
    worker: (inner) => observedWorker(inner, observing),
  };
};

interface ObserverContext extends ProjectorObserverOptions {
  readonly metrics: ProjectorMetrics;
  readonly worked: Map<number, PartitionActivity>;
}

const beat = (worked: Map<number, PartitionActivity>, partition: number): PartitionActivity | undefined => {
  const known = worked.get(partition);
  if (known) known.beatAtMs = performance.now();
  return known;
};

const observedWorker =
  (inner: PartitionWorker, { worked, metrics }: ObserverContext): PartitionWorker =>
  (lease, isHeld) => {
    worked.set(lease.partition, newActivity());
    const work = inner(lease, isHeld);
    void work.ended.then(
      (end) => {
        worked.delete(lease.partition);
        metrics.ends(end).value += 1;
      },
      () => worked.delete(lease.partition),
    );
    return work;
  };

const newActivity = (): PartitionActivity => ({
  beatAtMs: performance.now(),
  watermark: undefined,
  changedShows: new Set(),
  decided: 0,
  reads: [],
  committed: [],
});

const observedLog = (inner: PartitionLog, observing: ObserverContext): PartitionLog => {
  const { worked, metrics } = observing;
  return {
    ...inner,
    lift: (task) => {
      beat(worked, task.partition);
      return inner.lift(task);
    },
    read: async (request) => {
      const activity = beat(worked, request.partition);
      const verdict = await inner.read(request);
      if (verdict.type !== 'read' || verdict.entries.length === 0 || !activity) return verdict;
      noteRead(activity, verdict.entries, { atMs: performance.now(), serverMs: verdict.nowMs });
      metrics.batchSize.observe(verdict.entries.length);
      for (const { streamId } of verdict.entries)
        metrics.pickUp.observe(Math.max(0, verdict.nowMs - msOf(streamId)) / 1_000);
      return verdict;
    },
    publish: async (request) => {
      const committed = takeCommitted(worked.get(request.partition), request.position);
      try {
        await inner.publish(request);
        if (committed) observePublished(committed, observing);
      } catch (error) {
        if (committed) metrics.publishFailures.value += 1;
        throw error;
      }
    },
  };
};

/**
 * Returns the batch that is being published, and drops the batches before it, which were never published. A
 * refresh of boards belongs to no batch.
 */
const takeCommitted = (
  activity: PartitionActivity | undefined,
  position: number | undefined,
): CommittedBatch | undefined => {
  if (!activity || position === undefined) return undefined;
  const index = activity.committed.findIndex(({ batch }) => batch.after.position === position);
  return activity.committed.splice(0, index + 1).at(-1);
};

/** Called once the outcomes are published, which is the end of a batch. */
const observePublished = (committed: CommittedBatch, { metrics, tracer }: ObserverContext): void => {
  const { batch, read, committedMs } = committed;
  const nowMs = performance.now();
  let requests = 0;
  for (const { streamId } of batch.entries) {
    if (streamId === undefined) continue;
    requests += 1;
    metrics.total.observe(Math.max(0, read.serverMs - msOf(streamId) + nowMs - read.atMs) / 1_000);
  }
  metrics.visible.observe((nowMs - committedMs) / 1_000, requests);
  if (tracer) traceBatch(tracer, committed, nowMs);
  for (const [streamId, { traceId }] of read.traces)
    metrics.exemplify(committed, { streamId, traceId, nowMs });
};

const observedStore = (inner: PartitionStore, observing: ObserverContext): PartitionStore => {
  const { worked, metrics } = observing;
  return {
    ...inner,
    ...observeReads(inner, newNoteUnreadable(observing)),
    claim: async (partition, owner, compare) => {
      const activity = beat(worked, partition);
      const claimed = await inner.claim(partition, owner, compare);
      if (claimed.type !== 'claimed') return claimed;
      metrics.takeOvers.value += 1;
      if (activity) activity.watermark = claimed.progress.watermark;
      return claimed;
    },
    stands: (claim, position) => {
      beat(worked, claim.partition);
      return inner.stands(claim, position);
    },
    commit: (batch) => observeCommit(batch, inner.commit(batch), observing),
    commitTogether: (batches) => {
      const verdicts = inner.commitTogether(batches);
      return batches.map((batch, n) => observeCommit(batch, verdicts[n] ?? inner.commit(batch), observing));
    },
  };
};

const observeCommit = async (
  batch: Batch,
  committing: Promise<CommitVerdict>,
  observing: ObserverContext,
): Promise<CommitVerdict> => {
  const { metrics } = observing;
  const activity = beat(observing.worked, batch.claim.partition);
  const decidedMs = performance.now();
  const verdict = await committing;
  const times = { decidedMs, committedMs: performance.now() };
  metrics.commitDuration.observe((times.committedMs - decidedMs) / 1_000);
  metrics.commits(verdict.type).value += 1;
  if (verdict.type === 'committed' && activity) observeCommitted(batch, activity, times, observing);
  return verdict;
};

const observeCommitted = (
  batch: Batch,
  activity: PartitionActivity,
  times: Pick<CommittedBatch, 'decidedMs' | 'committedMs'>,
  observing: ObserverContext,
): void => {
  const { metrics } = observing;
  activity.watermark = batch.after.watermark;
  activity.decided += batch.entries.length;
  for (const entry of batch.entries) count(entry, activity, metrics);
  const read = readOf(activity, batch);
  if (batch.parked.length > 0) logParked(batch, read, observing);
  if (!read || batch.entries.length + batch.parked.length === 0) return;
  metrics.commit.observe((times.committedMs - read.atMs) / 1_000, batch.entries.length);
  if (activity.committed.length >= committedMax) activity.committed.shift();
  activity.committed.push({ batch, read, ...times });
};

const count = (entry: JournalEntry, activity: PartitionActivity, metrics: ProjectorMetrics): void => {
  const { decision, late } = entry;
  metrics.decision(decision.type, 'reason' in decision ? decision.reason : '').value += 1;
  if (late) metrics.late.value += 1;
  if (isRaised(entry)) metrics.raised.value += 1;
  if (decision.showId !== undefined && activity.changedShows.size < changedShowsMax)
    activity.changedShows.add(decision.showId);
};
