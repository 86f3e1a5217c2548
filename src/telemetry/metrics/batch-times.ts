import { compareStreamIds, type StreamId } from '../../domain/stream-id.ts';
import type { TraceContext } from '../../domain/trace-context.ts';
import type { ReadEntry } from '../../log/contract.ts';
import type { Batch } from '../../store/contract.ts';

/** The entries of one read. Times are monotonic unless the comment says otherwise. */
export interface StreamRead {
  readonly atMs: number;
  /** The time of the server (Redis TIME). */
  readonly serverMs: number;
  readonly last: StreamId;
  /** The trace contexts of those few entries whose trace is kept. */
  readonly traces: ReadonlyMap<StreamId, TraceContext>;
}

/** A committed batch whose outcomes are not published yet. */
export interface CommittedBatch {
  readonly batch: Batch;
  readonly read: StreamRead;
  readonly decidedMs: number;
  readonly committedMs: number;
}

/** The reads and commits of a partition in flight, so that a commit finds the read it came from. */
export interface BatchesInFlight {
  reads: readonly StreamRead[];
  readonly committed: CommittedBatch[];
}

/** A loop that reads ahead has two or three reads in flight; older ones were given up. */
const readsMax = 8;

export const noteRead = (
  inFlight: BatchesInFlight,
  entries: readonly ReadEntry[],
  times: Pick<StreamRead, 'atMs' | 'serverMs'>,
): void => {
  const last = entries.at(-1)?.streamId;
  if (last === undefined) return;
  const read = { ...times, last, traces: tracesOf(entries) };
  inFlight.reads = [...inFlight.reads, read].slice(-readsMax);
};

const noTraces: ReadonlyMap<StreamId, TraceContext> = new Map();

const tracesOf = (entries: readonly ReadEntry[]): ReadonlyMap<StreamId, TraceContext> => {
  let traces: Map<StreamId, TraceContext> | undefined;
  for (const { streamId, content } of entries) {
    if (content.type !== 'request' || !content.request.trace) continue;
    traces ??= new Map();
    traces.set(streamId, content.request.trace);
  }
  return traces ?? noTraces;
};

/**
 * The read that a batch came from: the first read that reaches its watermark. A batch of late entries alone
 * belongs to the latest read.
 */
export const readOf = (inFlight: BatchesInFlight, { after }: Batch): StreamRead | undefined => {
  const index = inFlight.reads.findIndex(({ last }) => compareStreamIds(last, after.watermark) >= 0);
  if (index > 0) inFlight.reads = inFlight.reads.slice(index);
  return index >= 0 ? inFlight.reads[0] : inFlight.reads.at(-1);
};
