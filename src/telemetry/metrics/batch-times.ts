import { compareStreamIds, type StreamId } from '../../domain/stream-id.ts';
import type { TraceContext } from '../../domain/trace-context.ts';
import type { ReadEntry } from '../../log/contract.ts';
import type { Batch } from '../../store/contract.ts';

/** Entries that were read together. Times are monotonic unless they say otherwise. */
export interface Reading {
  readonly atMs: number;
  /** Redis TIME. */
  readonly serverMs: number;
  readonly last: StreamId;
  /** Of those entries whose trace is kept: next to none. */
  readonly traces: ReadonlyMap<StreamId, TraceContext>;
}

/** A batch that is committed, and what is still to come of it. */
export interface Settled {
  readonly batch: Batch;
  readonly reading: Reading;
  readonly decidedMs: number;
  readonly committedMs: number;
}

/** What of a partition is in hand, so that a commit finds the read it came from. */
export interface InHand {
  readings: readonly Reading[];
  /** Committed and not told yet. */
  readonly settled: Settled[];
}

/** A loop that reads ahead has two or three in hand; what is older was given up. */
const readingsMax = 8;

export const noteReading = (
  hand: InHand,
  entries: readonly ReadEntry[],
  times: Pick<Reading, 'atMs' | 'serverMs'>,
): void => {
  const last = entries.at(-1)?.streamId;
  if (last === undefined) return;
  const reading = { ...times, last, traces: tracesOf(entries) };
  hand.readings = [...hand.readings, reading].slice(-readingsMax);
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

/** The read that a batch is of: the first that reaches as far; late entries reach nowhere, and are of the latest. */
export const readingOf = (hand: InHand, { after }: Batch): Reading | undefined => {
  const index = hand.readings.findIndex(({ last }) => compareStreamIds(last, after.watermark) >= 0);
  if (index > 0) hand.readings = hand.readings.slice(index);
  return index >= 0 ? hand.readings[0] : hand.readings.at(-1);
};
