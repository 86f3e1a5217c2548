import type { JournalEntry } from '../domain/decisions.ts';
import { msOf } from '../domain/stream-id.ts';
import type { TraceContext } from '../domain/trace-context.ts';
import type { ParkedEntry } from '../store/contract.ts';
import type { Settled } from './metrics/batch-times.ts';
import { requestsDestination } from './observe-appender.ts';
import { type Attributes, record, type Tracer } from './traces/tracing.ts';

/** Times as the wall clock has them. */
interface Times {
  readonly readMs: number;
  readonly decidedMs: number;
  readonly committedMs: number;
  readonly toldMs: number;
}

/** A batch that was told, and the spans made of it afterwards. */
interface Told {
  readonly tracer: Tracer;
  readonly partition: number;
  readonly times: Times;
  readonly commit: Attributes;
}

const consumerGroup = 'projectors';

/**
 * Tells of a batch when all of it has happened: for each request whose trace is kept, and for those that were slow or
 * parked, what happened to it, in its own trace; and the batch itself, linked to all of them.
 */
export const traceBatch = (tracer: Tracer, settled: Settled, toldAtMs: number): void => {
  const { batch, reading } = settled;
  const slow = slowOnes(tracer, settled, toldAtMs);
  if (reading.traces.size === 0 && slow.size === 0 && batch.parked.length === 0) return;
  const offsetMs = tracer.nowMs() - performance.now();
  const times = {
    readMs: offsetMs + reading.atMs,
    decidedMs: offsetMs + settled.decidedMs,
    committedMs: offsetMs + settled.committedMs,
    toldMs: offsetMs + toldAtMs,
  };
  const told = { tracer, times, partition: batch.claim.partition, commit: commitOf(settled) };
  const contexts = [
    ...batch.entries.flatMap((entry) => decided(told, entry, parentOf(settled, entry), slow)),
    ...batch.parked.flatMap((entry) => parkedOne(told, entry, reading.traces.get(entry.streamId))),
  ];
  if (contexts.length > 0) traceWhole(told, settled, contexts);
};

const parentOf = ({ reading }: Settled, { streamId }: JournalEntry): TraceContext | undefined =>
  streamId === undefined ? undefined : reading.traces.get(streamId);

/** Those that nobody sampled and that took too long, as far as there is room for them. */
const slowOnes = (
  tracer: Tracer,
  { batch, reading }: Settled,
  toldAtMs: number,
): ReadonlySet<JournalEntry> => {
  const slow = new Set<JournalEntry>();
  const spentMs = toldAtMs - reading.atMs;
  for (const entry of batch.entries) {
    if (entry.streamId === undefined || entry.traceId !== undefined) continue;
    if (reading.serverMs - msOf(entry.streamId) + spentMs < tracer.slowMs) continue;
    if (!tracer.mayKeep('slow')) return slow;
    slow.add(entry);
  }
  return slow;
};

/** What happened to one request, under the span that sent it; a trace of its own for one that was only slow. */
const decided = (
  told: Told,
  entry: JournalEntry,
  parent: TraceContext | undefined,
  slow: ReadonlySet<JournalEntry>,
): readonly TraceContext[] => {
  const isSlow = slow.has(entry);
  if (!parent && !isSlow) return [];
  const { tracer, times, partition, commit } = told;
  const { streamId, requestId, position, late, decision } = entry;
  const cause = parent ?? rootOf(told, { streamId, requestId, kept: 'slow' });
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
  const { readMs, decidedMs, committedMs, toldMs } = times;
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
    endMs: toldMs,
    attributes: publishing,
  });
  return [cause];
};

const parkedOne = (
  told: Told,
  { streamId, requestId, why }: ParkedEntry,
  parent: TraceContext | undefined,
): readonly TraceContext[] => {
  const { tracer, times, partition } = told;
  if (!parent && !tracer.mayKeep('parked')) return [];
  const cause = parent ?? rootOf(told, { streamId, requestId, kept: 'parked' });
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

/** A client span and not a producer: outcomes carry no trace context, so nobody names this span as a cause. */
const publishStart = (parent: TraceContext) =>
  ({ name: 'publish outcomes', kind: 'client', parent }) as const;

const publishing: Attributes = {
  'messaging.system': 'redis',
  'messaging.destination.name': 'outcomes',
  'messaging.operation.name': 'publish',
  'messaging.operation.type': 'send',
};

/** Begins a trace at the time the request came onto the stream. */
const rootOf = (
  { tracer, times, partition }: Told,
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
    endMs: times.toldMs,
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

/** A batch is caused by many, so it is a trace of its own that names them. */
const traceWhole = (told: Told, { batch }: Settled, links: readonly TraceContext[]): void => {
  const { tracer, times, partition, commit } = told;
  const count = batch.entries.length + batch.parked.length;
  const parent = record(tracer.spans, {
    name: 'process requests',
    kind: 'consumer',
    startMs: times.readMs,
    endMs: times.toldMs,
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

/** What the transaction did, without its values: the conventions for databases call it a summary. */
const commitOf = ({ batch }: Settled): Attributes => ({
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
