import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { Logger } from '../../src/domain/ports.ts';
import type { RejectionReason } from '../../src/domain/reasons.ts';
import { newStreamId, type StreamId } from '../../src/domain/stream-id.ts';
import type { TraceContext } from '../../src/domain/trace-context.ts';
import type { PartitionLog, ReadEntry, ReadVerdict } from '../../src/log/contract.ts';
import type { Batch, Claim, CommitVerdict, ParkedEntry, PartitionStore } from '../../src/store/contract.ts';
import type { SpanEnd, SpanStart, Tracer } from '../../src/telemetry/traces/tracing.ts';
import { customerId, poolId, reservationId, showId } from '../domain/generate.ts';

/**
 * Stand-ins for the log and the store of a projector; functions that are not defined here are never called.
 */
export const claim: Claim = { partition: 3, epoch: 1, token: '00', server: 'here' };
const progress = { position: 0, watermark: newStreamId(0, 0), clockMs: 0, judgedMs: 0 };
const notCalled = (): never => {
  throw new Error('nobody should ask this');
};

export const fakeLog = ({ read }: { readonly read?: ReadVerdict }): PartitionLog => ({
  read: async () => read ?? notCalled(),
  publish: async () => undefined,
  waitForEntries: notCalled,
  lift: notCalled,
  compareClaim: notCalled,
  noteClaim: notCalled,
  trim: notCalled,
  boardsServer: () => 'server',
  markBoardsComplete: notCalled,
  markBoardsIncomplete: notCalled,
});

export const fakeStore = ({ verdict }: { readonly verdict?: CommitVerdict }): PartitionStore => ({
  claim: async (partition) => ({ type: 'claimed', claim: { ...claim, partition }, progress }),
  prepare: () => undefined,
  commit: async () => verdict ?? notCalled(),
  commitTogether: (batches) => batches.map(async () => verdict ?? notCalled()),
  stands: notCalled,
  ledgers: notCalled,
  ledgersOfPartition: notCalled,
  known: notCalled,
  keys: notCalled,
  reservations: notCalled,
  customerTotals: notCalled,
  dueHolds: notCalled,
  nextExpiryMs: notCalled,
  purgeKeys: notCalled,
});

const facts = {
  showId: showId(1),
  customerId: customerId('alice'),
  lines: [{ poolId: poolId('stalls'), quantity: 1 }],
};

export const readEntry = (streamId: StreamId, trace?: TraceContext): ReadEntry => ({
  streamId,
  content: {
    type: 'request',
    request: {
      type: 'ReservationRequested',
      reservationId: reservationId(1),
      ...facts,
      ...(trace && { trace }),
    },
  },
});

interface DecidedHow {
  readonly traceId?: string;
  readonly reason?: RejectionReason;
}

export const decidedEntry = (streamId: StreamId, { traceId, reason }: DecidedHow = {}): JournalEntry => ({
  position: 1,
  requestId: reservationId(1),
  streamId,
  ...(traceId && { traceId }),
  decidedAtMs: 0,
  late: false,
  decision: reason
    ? { type: 'ReservationRejected', reservationId: reservationId(1), ...facts, reason }
    : { type: 'ReservationConfirmed', reservationId: reservationId(1), ...facts },
});

export const parkedAt = (streamId: StreamId, why: string): ParkedEntry => ({
  streamId,
  raw: Buffer.from('?'),
  why,
  parkedAtMs: 0,
  attempts: 1,
});

export const batchOf = (
  partition: number,
  entries: readonly JournalEntry[],
  parked: readonly ParkedEntry[] = [],
): Batch => {
  const last = entries.at(-1)?.streamId ?? parked.at(-1)?.streamId ?? progress.watermark;
  return {
    claim: { ...claim, partition },
    before: progress,
    after: { ...progress, position: entries.length, watermark: last },
    entries,
    parked,
  };
};

type RecordedSpan = SpanStart & SpanEnd;

/** Keeps every span. Samples no request by itself, and always has budget for traces that must be kept. */
export const recordingTracer = (): Tracer & { readonly recorded: RecordedSpan[] } => {
  const recorded: RecordedSpan[] = [];
  return {
    recorded,
    slowMs: 1_000,
    nowMs: () => Date.now(),
    sample: () => undefined,
    mayKeep: () => true,
    spans: {
      start: (start) => {
        const id = String(recorded.length + 1);
        const context = {
          traceId: start.parent?.traceId ?? id.padStart(32, '0'),
          spanId: id.padStart(16, '0'),
        };
        return {
          context,
          end: (end) => void recorded.push({ ...start, ...end, name: end.name ?? start.name }),
        };
      },
    },
  };
};

export const warnings = (): { readonly logger: Logger; readonly logged: object[] } => {
  const logged: object[] = [];
  const note = (fields: object): void => void logged.push(fields);
  return { logged, logger: { debug: note, info: note, warn: note, error: note } };
};
