import { decide } from '../domain/decide.ts';
import type { Decision, JournalEntry } from '../domain/decisions.ts';
import { partitionOf, type RequestId, type ShowId } from '../domain/ids.ts';
import { evolve, type ShowLedger } from '../domain/ledger.ts';
import { type RequestEvent, requestIdOf } from '../domain/requests.ts';
import type { Reservation } from '../domain/reservation.ts';
import { compareStreamIds, laterOf, msOf } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { ParkedEntry, Progress } from '../store/contract.ts';

export interface BatchInput {
  readonly partition: number;
  readonly entries: readonly ReadEntry[];
  /** Requests that have their decision (or are parked) already: absorbed without effect. */
  readonly known: ReadonlySet<RequestId>;
  /** Committed ledgers of every show the entries name. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly before: Progress;
  /** Redis TIME of the read. */
  readonly nowMs: number;
  /** Why the database refused these entries one by one, where it did: they are parked with it. */
  readonly refusedBecause?: string;
}

export interface DecidedBatch {
  readonly after: Progress;
  readonly journal: readonly JournalEntry[];
  readonly parked: readonly ParkedEntry[];
  /** Shows as they stand after the batch; become true when it is committed. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
}

/**
 * Decides entries in stream order, each seeing what the one before it took. Pure and in memory; the same input
 * gives the same batch, so a batch that could not be committed is simply decided again.
 */
export const decideBatch = (input: BatchInput): DecidedBatch => {
  const draft = newDraft(input);
  for (const entry of input.entries) settleEntry(draft, entry);
  const { journal, parked, ledgers, watermark, nowMs } = draft;
  return {
    // The position moves even when nothing was decided: a commit whose reply was lost is recognised by it.
    after: { position: input.before.position + Math.max(1, journal.length), watermark, clockMs: nowMs },
    journal,
    parked,
    ledgers,
  };
};

const newDraft = (input: BatchInput) => ({
  ...input,
  // Strictly rising, so that no two batches of a partition share a time and every asOf names one state.
  nowMs: Math.max(input.nowMs, input.before.clockMs + 1),
  watermark: input.before.watermark,
  journal: [] as JournalEntry[],
  parked: [] as ParkedEntry[],
  ledgers: new Map(input.ledgers),
  seen: new Set(input.known),
});

type Draft = ReturnType<typeof newDraft>;

const settleEntry = (draft: Draft, entry: ReadEntry): void => {
  draft.watermark = laterOf(draft.watermark, entry.streamId);
  const { content } = entry;
  if (content.type === 'newer')
    throw new Error(`entry ${entry.streamId} is of codec version ${content.version}`);
  if (content.type === 'broken') return park(draft, entry, content.why);
  const requestId = requestIdOf(content.request);
  if (draft.seen.has(requestId)) return;
  draft.seen.add(requestId);
  const why = draft.refusedBecause ?? misrouted(content.request, draft.partition);
  if (why) return park(draft, entry, why);
  decideEntry(draft, entry, content.request);
};

const decideEntry = (draft: Draft, entry: ReadEntry, request: RequestEvent): void => {
  const ledger = draft.ledgers.get(request.showId);
  const decision = decisionOrFault(request, ledger, msOf(entry.streamId));
  if (decision instanceof Error) return park(draft, entry, `cannot be decided: ${decision.message}`);
  const after = evolve(ledger, decision, draft.nowMs);
  if (after) draft.ledgers.set(after.showId, after);
  draft.journal.push({
    position: draft.before.position + draft.journal.length + 1,
    requestId: requestIdOf(request),
    streamId: entry.streamId,
    decidedAtMs: draft.nowMs,
    late: compareStreamIds(entry.streamId, draft.before.watermark) <= 0,
    decision,
  });
};

/** An exception here is the entry's own fault, found by our own assertion; the rest of the batch must not wait for it. */
const decisionOrFault = (
  request: RequestEvent,
  ledger: ShowLedger | undefined,
  arrivedAtMs: number,
): Decision | Error => {
  try {
    return decide(request, ledger, arrivedAtMs);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** GET finds a reservation by the partition in its id, and only one owner may count a show's places. */
const misrouted = (request: RequestEvent, partition: number): string | undefined => {
  const stray = [request.showId, requestIdOf(request)].find((id) => partitionOf(id) !== partition);
  return stray && `${stray} belongs to partition ${partitionOf(stray)}, not ${partition}`;
};

const park = (draft: Draft, { streamId, content }: ReadEntry, why: string): void => {
  const request = content.type === 'request' ? content.request : undefined;
  const requestId = request
    ? requestIdOf(request)
    : content.type === 'broken'
      ? content.requestId
      : undefined;
  const reservation = request && pendingReservation(request, msOf(streamId));
  draft.parked.push({
    streamId,
    ...(requestId && { requestId }),
    ...(reservation && { reservation }),
    raw: content.type === 'broken' ? content.raw : Buffer.from(JSON.stringify(request)),
    why,
    parkedAtMs: draft.nowMs,
    attempts: draft.refusedBecause ? 2 : 1,
  });
};

const pendingReservation = (request: RequestEvent, requestedAtMs: number): Reservation | undefined => {
  if (request.type !== 'ReservationRequested') return undefined;
  const { reservationId, showId, customerId, lines, reference } = request;
  return {
    id: reservationId,
    showId,
    customerId,
    status: 'pending',
    lines,
    ...(reference !== undefined && { reference }),
    requestedAtMs,
  };
};
