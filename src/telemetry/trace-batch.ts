import type { JournalEntry } from '../domain/decisions.ts';
import { msOf } from '../domain/stream-id.ts';
import type { TraceContext } from '../domain/trace-context.ts';
import type { ParkedEntry } from '../store/contract.ts';
import type { CommittedBatch } from './metrics/batch-times.ts';
import { requestsDestination } from './observe-appender.ts';
import { type Attributes, record, type Tracer } from './traces/tracing.ts';

/** Times by the wall clock. */
interface Times {
  readonly readMs: number;
  readonly decidedMs: number;
  readonly committedMs: number;
  readonly publishedMs: number;
}

/** A published batch, with what its spans have in common. */
interface PublishedBatch {
  readonly tracer: Tracer;
  readonly partition: number;
  readonly times: Times;
  readonly commit: Attributes;
}

const consumerGroup = 'projectors';

/**
 * Records the spans of a batch after all of it has happened: for each request that is traced, slow or parked, spans in its
 * own trace; and the batch itself in a trace that is linked to all of them.
 */
export const traceBatch = (tracer: Tracer, committed: CommittedBatch, publishedAtMs: number): void => {
  const { batch, read } = committed;
  const slow = slowOnes(tracer, committed, publishedAtMs);
  if (read.traces.size === 0 && slow.size === 0 && batch.parked.length === 0) return;
  const offsetMs = tracer.nowMs() - performance.now();
  const times = {
    readMs: offsetMs + read.atMs,
    decidedMs: offsetMs + committed.decidedMs,
    committedMs: offsetMs + committed.committedMs,
    publishedMs: offsetMs + publishedAtMs,
  };
  const published = { tracer, times, partition: batch.claim.partition, commit: commitOf(committed) };
  const contexts = [
    ...batch.entries.flatMap((entry) => recordDecision(published, entry, parentOf(committed, entry), slow)),
    ...batch.parked.flatMap((entry) => recordParked(published, entry, read.traces.get(entry.streamId))),
  ];
  if (contexts.length > 0) recordBatch(published, committed, contexts);
};

const parentOf = ({ read }: CommittedBatch, { streamId }: JournalEntry): TraceContext | undefined =>
  streamId === undefined ? undefined : read.traces.get(streamId);

/** Entries that were not sampled and took too long, as many as the budget allows. */
const slowOnes = (
  tracer: Tracer,
  { batch, read }: CommittedBatch,
  publishedAtMs: number,
): ReadonlySet<JournalEntry> => {
  const slow = new Set<JournalEntry>();
  const spentMs = publishedAtMs - read.atMs;
  for (const entry of batch.entries) {
    if (entry.streamId === undefined || entry.traceId !== undefined) continue;
    if (read.serverMs - msOf(entry.streamId) + spentMs < tracer.slowMs) continue;
    if (!tracer.mayKeep('slow')) return slow;
    slow.add(entry);
  }
  return slow;
};

/** The spans of one request, under the span that sent it, or in a new trace if it was not sampled and only slow. */
const recordDecision = (
  published: PublishedBatch,
  entry: JournalEntry,
  parent: TraceContext | undefined,
  slow: ReadonlySet<JournalEntry>,
): readonly TraceContext[] => {
  const isSlow = slow.has(entry);
  if (!parent && !isSlow) return [];
  const { tracer, times, partition, commit } = published;
  const { streamId, requestId, position, late, decision } = entry;
  const cause = parent ?? rootOf(published, { streamId, requestId, kept: 'slow' });
  const attributes = {
    'messaging.message.id': streamId,
    'onsale.request.id': requestId,
    'onsale.decision': decision.type,
    'onsale.reason': 'reason' in decision ? decision.reason : undefined,
    'onsale.show.id': decision.showId,
    'onsale.partition': partition,
    'onsale.position': position,
    'onsale.late': late,
  };
  const { readMs, decidedMs, committedMs, publishedMs } = times;
  record(tracer.spans, { ...inside('decide', cause), startMs: readMs, endMs: decidedMs, attributes });
  record(tracer.spans, {
    ...commitStart(cause, commit),
    startMs: decidedMs,
    endMs: committedMs,
    attributes: commit,
  });
  record(tracer.spans, {
    ...publishStart(cause),
    startMs: committedMs,
    endMs: publishedMs,
    attributes: publishing,
  });
  return [cause];
};

const recordParked = (
  published: PublishedBatch,
  { streamId, requestId, why }: ParkedEntry,
  parent: TraceContext | undefined,
): readonly TraceContext[] => {
  const { tracer, times, partition } = published;
  if (!parent && !tracer.mayKeep('parked')) return [];
  const cause = parent ?? rootOf(published, { streamId, requestId, kept: 'parked' });
  const attributes = {
    'messaging.message.id': streamId,
    'onsale.request.id': requestId,
    'onsale.partition': partition,
    'onsale.parked': why,
  };
  const { readMs: startMs, committedMs: endMs } = times;
  record(tracer.spans, { ...inside('park', cause), startMs, endMs, attributes, error: why });
  return [cause];
};

const inside = (name: string, parent: TraceContext) => ({ name, kind: 'internal', parent }) as const;

const commitStart = (parent: TraceContext, commit: Attributes) =>
  ({ name: String(commit['db.query.summary']), kind: 'client', parent }) as const;

/** A client span and not a producer: outcomes carry no trace context, so no other span has this one as its parent. */
const publishStart = (parent: TraceContext) =>
  ({ name: 'publish outcomes', kind: 'client', parent }) as const;

const publishing: Attributes = {
  'messaging.system': 'redis',
  'messaging.destination.name': 'outcomes',
  'messaging.operation.name': 'publish',
  'messaging.operation.type': 'send',
};

/** Begins a trace at the time at which the request was put onto the stream. */
const rootOf = (
  { tracer, times, partition }: PublishedBatch,
  {
    streamId,
    requestId,
    kept,
  }: { streamId: JournalEntry['streamId']; requestId: string | undefined; kept: string },
): TraceContext =>
  record(tracer.spans, {
    name: 'process requests',
    kind: 'consumer',
    startMs: streamId === undefined ? times.readMs : Math.min(msOf(streamId), times.readMs),
    endMs: times.publishedMs,
    attributes: {
      ...processing(partition),
      'messaging.message.id': streamId,
      'onsale.request.id': requestId,
      'onsale.kept': kept,
    },
  });

const processing = (partition: number): Attributes => ({
  ...requestsDestination(partition),
  'messaging.operation.name': 'process',
  'messaging.operation.type': 'process',
  'messaging.consumer.group.name': consumerGroup,
});

/** A batch has many causes, so it gets a trace of its own that links to them. */
const recordBatch = (
  published: PublishedBatch,
  { batch }: CommittedBatch,
  links: readonly TraceContext[],
): void => {
  const { tracer, times, partition, commit } = published;
  const count = batch.entries.length + batch.parked.length;
  const parent = record(tracer.spans, {
    name: 'process requests',
    kind: 'consumer',
    startMs: times.readMs,
    endMs: times.publishedMs,
    links,
    attributes: { ...processing(partition), 'messaging.batch.message_count': count },
  });
  record(tracer.spans, {
    ...commitStart(parent, commit),
    startMs: times.decidedMs,
    endMs: times.committedMs,
    attributes: commit,
  });
};

/** What the transaction did, without values: a query summary in the conventions for databases. */
const commitOf = ({ batch }: CommittedBatch): Attributes => ({
  'db.system.name': 'mysql',
  'db.operation.name': 'COMMIT',
  'onsale.batch.decisions': batch.entries.length,
  'db.query.summary': [
    'UPDATE partitions',
    ...(batch.entries.length > 0 ? ['INSERT journal', 'INSERT reservations', 'UPDATE pools'] : []),
    ...(batch.parked.length > 0 ? ['INSERT parked'] : []),
    'COMMIT',
  ].join('; '),
});
