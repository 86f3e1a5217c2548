import { isRaised, type JournalEntry } from '../domain/decisions.ts';
import type { ShowId } from '../domain/ids.ts';
import type { Logger } from '../domain/ports.ts';
import { msOf, type StreamId } from '../domain/stream-id.ts';
import type { PartitionWorker } from '../lease/contract.ts';
import type { PartitionLog } from '../log/contract.ts';
import type { Batch, PartitionStore } from '../store/contract.ts';
import { type InHand, noteReading, type Reading, readingOf, type Settled } from './metrics/batch-times.ts';
import { metricList } from './metrics/metric-list.ts';
import { newProjectorMetrics, type ProjectorMetrics, parkedBecause } from './metrics/projector-metrics.ts';
import type { Registry } from './metrics/registry.ts';
import { newNoteUnreadable, observeReads } from './observe-rows.ts';
import { traceBatch } from './trace-batch.ts';
import type { Tracer } from './traces/tracing.ts';

/** A partition that is worked here, as far as it can be seen from outside the loop. */
export interface Worked extends InHand {
  /** The last sign of life of its loop; monotonic. */
  beatAtMs: number;
  watermark: StreamId | undefined;
  /** Decided on since somebody last asked. */
  changedShows: Set<ShowId>;
  /** Decisions made here. */
  decided: number;
  /** What its owner keeps in memory, once it was taken over. */
  remembered?: Remembered;
}

export interface Remembered {
  readonly ledgers: { readonly bytes: number };
  readonly customers: { readonly bytes: number };
  readonly stuckHolds: ReadonlySet<string>;
}

export interface ProjectorObserver {
  readonly log: (inner: PartitionLog) => PartitionLog;
  readonly store: (inner: PartitionStore) => PartitionStore;
  readonly worker: (inner: PartitionWorker) => PartitionWorker;
  readonly worked: ReadonlyMap<number, Worked>;
}

export interface ProjectorObserving {
  readonly registry: Registry;
  readonly tracer?: Tracer | undefined;
  readonly logger: Logger;
}

const changedShowsMax = 10_000;
/** A loop that tells one batch while it commits the next has two; what is older was never told. */
const settledMax = 4;

/**
 * Watches a projector from outside: what it is handed is wrapped, so the loop itself knows nothing of it and costs the
 * same in a simulation. Nothing here may throw, and nothing is decided by it.
 */
export const observeProjector = (options: ProjectorObserving): ProjectorObserver => {
  const { registry } = options;
  const worked = new Map<number, Worked>();
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

interface Observing extends ProjectorObserving {
  readonly metrics: ProjectorMetrics;
  readonly worked: Map<number, Worked>;
}

const beat = (worked: Map<number, Worked>, partition: number): Worked | undefined => {
  const known = worked.get(partition);
  if (known) known.beatAtMs = performance.now();
  return known;
};

const observedWorker =
  (inner: PartitionWorker, { worked, metrics }: Observing): PartitionWorker =>
  (lease, isHeld) => {
    const { partition } = lease;
    worked.set(partition, newWorked());
    const work = inner(lease, isHeld);
    void work.ended.then(
      (end) => {
        worked.delete(partition);
        metrics.ends(end).value += 1;
      },
      () => worked.delete(partition),
    );
    return work;
  };

const newWorked = (): Worked => ({
  beatAtMs: performance.now(),
  watermark: undefined,
  changedShows: new Set(),
  decided: 0,
  readings: [],
  settled: [],
});

const observedLog = (inner: PartitionLog, observing: Observing): PartitionLog => {
  const { worked, metrics } = observing;
  return {
    ...inner,
    lift: (task) => {
      beat(worked, task.partition);
      return inner.lift(task);
    },
    read: async (request) => {
      const hand = beat(worked, request.partition);
      const verdict = await inner.read(request);
      if (verdict.type !== 'read' || verdict.entries.length === 0 || !hand) return verdict;
      noteReading(hand, verdict.entries, { atMs: performance.now(), serverMs: verdict.nowMs });
      metrics.batchSize.observe(verdict.entries.length);
      for (const { streamId } of verdict.entries)
        metrics.pickUp.observe(Math.max(0, verdict.nowMs - msOf(streamId)) / 1_000);
      return verdict;
    },
    publish: async (request) => {
      const settled = settledAt(worked.get(request.partition), request.position);
      try {
        await inner.publish(request);
        if (settled) told(settled, observing);
      } catch (error) {
        if (settled) metrics.publishFailures.value += 1;
        throw error;
      }
    },
  };
};

/** The batch that is told; those in front of it never were. Boards that are written anew are of none. */
const settledAt = (hand: Worked | undefined, position: number | undefined): Settled | undefined => {
  if (!hand || position === undefined) return undefined;
  const index = hand.settled.findIndex(({ batch }) => batch.after.position === position);
  return hand.settled.splice(0, index + 1).at(-1);
};

/** The outcomes are out: the batch is over. */
const told = (settled: Settled, { metrics, tracer }: Observing): void => {
  const { batch, reading, committedMs } = settled;
  const nowMs = performance.now();
  const spentMs = nowMs - reading.atMs;
  let asked = 0;
  for (const { streamId } of batch.entries) {
    if (streamId === undefined) continue;
    asked += 1;
    metrics.total.observe(Math.max(0, reading.serverMs - msOf(streamId) + spentMs) / 1_000);
  }
  metrics.visible.observe((nowMs - committedMs) / 1_000, asked);
  if (tracer) traceBatch(tracer, settled, nowMs);
  for (const [streamId, { traceId }] of reading.traces)
    metrics.exemplify(settled, { streamId, traceId, nowMs });
};

const observedStore = (inner: PartitionStore, observing: Observing): PartitionStore => {
  const { worked, metrics } = observing;
  return {
    ...inner,
    ...observeReads(inner, newNoteUnreadable(observing)),
    claim: async (partition, owner, compare) => {
      const hand = beat(worked, partition);
      const claimed = await inner.claim(partition, owner, compare);
      if (claimed.type !== 'claimed') return claimed;
      metrics.takeOvers.value += 1;
      if (hand) hand.watermark = claimed.progress.watermark;
      return claimed;
    },
    stands: (claim, position) => {
      beat(worked, claim.partition);
      return inner.stands(claim, position);
    },
    commit: async (batch) => {
      const hand = beat(worked, batch.claim.partition);
      const decidedMs = performance.now();
      const verdict = await inner.commit(batch);
      const committedMs = performance.now();
      metrics.commitDuration.observe((committedMs - decidedMs) / 1_000);
      metrics.commits(verdict.type).value += 1;
      if (verdict.type === 'committed' && hand) committed(batch, hand, { decidedMs, committedMs }, observing);
      return verdict;
    },
  };
};

const committed = (
  batch: Batch,
  hand: Worked,
  times: Pick<Settled, 'decidedMs' | 'committedMs'>,
  observing: Observing,
): void => {
  const { metrics } = observing;
  hand.watermark = batch.after.watermark;
  hand.decided += batch.entries.length;
  for (const entry of batch.entries) count(entry, hand, metrics);
  const reading = readingOf(hand, batch);
  if (batch.parked.length > 0) sayParked(batch, reading, observing);
  if (!reading || batch.entries.length + batch.parked.length === 0) return;
  metrics.commit.observe((times.committedMs - reading.atMs) / 1_000, batch.entries.length);
  if (hand.settled.length >= settledMax) hand.settled.shift();
  hand.settled.push({ batch, reading, ...times });
};

const count = (entry: JournalEntry, hand: Worked, metrics: ProjectorMetrics): void => {
  const { decision, late } = entry;
  metrics.decision(decision.type, 'reason' in decision ? decision.reason : '').value += 1;
  if (late) metrics.late.value += 1;
  if (isRaised(entry)) metrics.raised.value += 1;
  if (decision.showId !== undefined && hand.changedShows.size < changedShowsMax)
    hand.changedShows.add(decision.showId);
};

const namedMax = 3;

const sayParked = (
  { claim, parked }: Batch,
  reading: Reading | undefined,
  { metrics, logger }: Observing,
): void => {
  for (const { why } of parked) metrics.parkings(parkedBecause(why)).value += 1;
  const named = parked.slice(0, namedMax).map(({ streamId, requestId, why }) => ({
    streamId,
    requestId,
    why,
    trace_id: reading?.traces.get(streamId)?.traceId,
  }));
  logger.warn({ partition: claim.partition, parked: parked.length, named }, 'entries parked');
};
