import { totalsAfter, totalsKey } from '../../domain/customer.ts';
import { decide, factsOf } from '../../domain/decide.ts';
import { lapse, referenceIn } from '../../domain/decide-follow-up.ts';
import type { Decision, JournalEntry } from '../../domain/decisions.ts';
import { partitionOf } from '../../domain/ids.ts';
import { evolve } from '../../domain/ledger.ts';
import { sumLines } from '../../domain/lines.ts';
import type { DuplicateReason } from '../../domain/reasons.ts';
import { isFollowUp, type RequestEvent, requestIdOf } from '../../domain/requests.ts';
import {
  changeOf,
  isDue,
  pendingReservation,
  type Reservation,
  reservationMade,
} from '../../domain/reservation.ts';
import { compareStreamIds, laterOf, type StreamId } from '../../domain/stream-id.ts';
import type { ReadEntry } from '../../log/contract.ts';
import type { ParkedEntry } from '../../store/contract.ts';
import type { BatchInput, DecidedBatch } from './batch.ts';
import { type BatchState, putNumbersIn, stateAfter } from './batch-state.ts';
import type { Judgement } from './judgements.ts';

/**
 * Decides entries in stream order and lets holds lapse when they are due; each decision sees the effect of the ones before.
 * Pure and in memory: the same input gives the same batch, so a batch that was not committed is simply decided again.
 */
export const decideBatch = (input: BatchInput): DecidedBatch => {
  const draft = newDraft(input);
  for (const judgement of input.judgements) judge(draft, judgement);
  putNumbersIn(draft, input.ledgers);
  const { journal, parked, ledgers, reservations, customers, watermark, nowMs, judgedMs } = draft;
  return {
    // The position moves even when nothing was decided: a commit whose reply was lost is recognised by it.
    after: {
      position: input.before.position + Math.max(1, journal.length),
      watermark,
      clockMs: nowMs,
      judgedMs,
    },
    journal,
    parked,
    ledgers,
    reservations,
    customers,
  };
};

/**
 * The time a batch is decided at. It rises strictly, so no two batches of a partition share one and every asOf names one
 * state. It is not before the times that the batch judges at, so no hold is due at the moment it is made.
 */
const batchTime = ({ nowMs, before, judgements }: BatchInput): number =>
  Math.max(nowMs, before.clockMs + 1, judgements.at(-1)?.judgedAtMs ?? 0);

const newDraft = (input: BatchInput) => ({
  ...input,
  nowMs: batchTime(input),
  judgedMs: input.before.judgedMs,
  watermark: input.before.watermark,
  journal: [] as JournalEntry[],
  parked: [] as ParkedEntry[],
  counted: new Map() as BatchState['counted'],
  ledgers: new Map(input.ledgers),
  reservations: new Map(input.reservations),
  customers: new Map(input.customers),
  keys: new Map(input.keys),
  seen: new Set(input.known),
});

type Draft = ReturnType<typeof newDraft>;

const judge = (draft: Draft, judgement: Judgement): void => {
  draft.judgedMs = judgement.judgedAtMs;
  if (judgement.type === 'entry') settleEntry(draft, judgement.entry);
  else lapseIfDue(draft, judgement.hold);
};

/** An earlier entry of the same batch may have confirmed, extended or cancelled the hold. */
const lapseIfDue = (draft: Draft, hold: Reservation): void => {
  const reservation = draft.reservations.get(hold.id) ?? hold;
  if (!isDue(reservation, draft.judgedMs)) return;
  draft.reservations.set(hold.id, reservation);
  record(draft, lapse(reservation));
};

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
  const unreadable = draft.undecidable?.get(requestId);
  if (unreadable !== undefined) return park(draft, entry, `cannot be decided: ${unreadable}`);
  const decision = decisionOrFault(draft, content.request);
  if (decision instanceof Error) return park(draft, entry, `cannot be decided: ${decision.message}`);
  record(draft, decision, { entry, request: content.request });
};

/** An exception here comes from one of our assertions about this entry; the rest of the batch must not wait for it. */
const decisionOrFault = (draft: Draft, request: RequestEvent): Decision | Error => {
  try {
    const duplicate = duplicateOf(draft, request);
    if (duplicate) return duplicate;
    const reservation = isFollowUp(request) ? draft.reservations.get(request.reservationId) : undefined;
    const showId = isFollowUp(request) ? reservation?.showId : request.showId;
    const ledger = showId && draft.ledgers.get(showId);
    // A service need not name the customer it acts for; the limits are those of the reservation's customer in any case.
    const asking = request.type === 'ReservationRequested' ? request : reservation;
    const customer = asking && draft.customers.get(totalsKey(asking.showId, asking.customerId));
    return decide(request, {
      ledger,
      reservation,
      customer,
      arrivedAtMs: draft.judgedMs,
      nowMs: draft.nowMs,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** Set when another request used the key before: that request counts, whatever its outcome was. */
const duplicateOf = (draft: Draft, request: RequestEvent): Decision | undefined => {
  const first = request.key && draft.keys.get(request.key.hash);
  if (!request.key || !first || first.requestId === requestIdOf(request)) return undefined;
  const reason: DuplicateReason =
    first.fingerprint === request.key.fingerprint ? 'duplicate-request' : 'idempotency-key-reused';
  const why = { reason, firstId: first.requestId };
  if (request.type === 'ReservationRequested')
    return { type: 'ReservationRejected', ...factsOf(request), lines: sumLines(request.lines), ...why };
  return isFollowUp(request)
    ? {
        type: 'RequestRefused',
        asked: request.type,
        reservationId: request.reservationId,
        ...why,
        ...referenceIn(request),
      }
    : { type: 'RequestRefused', asked: request.type, showId: request.showId, ...why };
};

interface Source {
  readonly entry: ReadEntry;
  readonly request: RequestEvent;
}

/** Appends a decision to the journal, and applies it to the draft for the decisions after it. */
const record = (draft: Draft, decision: Decision, source?: Source): void => {
  evolveShow(draft, decision);
  evolveReservation(draft, decision, source?.entry.streamId);
  evolveCustomer(draft, decision);
  draft.journal.push({
    position: draft.before.position + draft.journal.length + 1,
    ...(source && sourceOf(draft, decision, source)),
    decidedAtMs: draft.nowMs,
    judgedAtMs: draft.judgedMs,
    late: source !== undefined && compareStreamIds(source.entry.streamId, draft.before.watermark) <= 0,
    decision,
    ...stateAfter(draft, decision),
  });
};

/** The key of a duplicate stays with the request that used it first. */
const sourceOf = (draft: Draft, decision: Decision, { entry: { streamId }, request }: Source) => {
  const requestId = requestIdOf(request);
  const { key, trace } = request;
  const source = { requestId, streamId, ...(trace && { traceId: trace.traceId }) };
  if (!key || ('firstId' in decision && decision.firstId !== undefined)) return source;
  draft.keys.set(key.hash, { requestId, fingerprint: key.fingerprint });
  return { ...source, key };
};

const evolveShow = (draft: Draft, decision: Decision): void => {
  const { showId } = decision;
  if (showId === undefined) return;
  const after = evolve(draft.ledgers.get(showId), decision, draft.nowMs);
  if (after) draft.ledgers.set(showId, after);
};

const evolveReservation = (draft: Draft, decision: Decision, streamId: StreamId | undefined): void => {
  const { nowMs: decidedAtMs } = draft;
  const first = streamId && reservationMade({ decision, streamId, decidedAtMs });
  if (first) draft.reservations.set(first.id, first);
  const change = changeOf(decision, draft.nowMs);
  const before =
    'reservationId' in decision && decision.reservationId && draft.reservations.get(decision.reservationId);
  if (change && before) draft.reservations.set(before.id, { ...before, ...change });
};

const evolveCustomer = (draft: Draft, decision: Decision): void => {
  if (!('customerId' in decision)) return;
  const key = totalsKey(decision.showId, decision.customerId);
  const before = draft.customers.get(key);
  if (before) draft.customers.set(key, totalsAfter(before, decision));
};

/** A misrouted request is parked: GET finds a reservation by the partition in its id, and a show has one owner only. */
const misrouted = (request: RequestEvent, partition: number): string | undefined => {
  const subject = isFollowUp(request) ? request.reservationId : request.showId;
  const stray = [subject, requestIdOf(request)].find((id) => partitionOf(id) !== partition);
  return stray && `${stray} belongs to partition ${partitionOf(stray)}, not ${partition}`;
};

const park = (draft: Draft, entry: ReadEntry, why: string): void => {
  const attempts = draft.refusedBecause ? 2 : 1;
  draft.parked.push(parkedEntry(entry, { why, parkedAtMs: draft.nowMs, attempts }));
};

/** An entry that is parked, with all that is needed to inspect it and to send it again. */
const parkedEntry = (
  { streamId, content }: ReadEntry,
  reason: Pick<ParkedEntry, 'why' | 'parkedAtMs' | 'attempts'>,
): ParkedEntry => {
  const request = content.type === 'request' ? content.request : undefined;
  const requestId = request
    ? requestIdOf(request)
    : content.type === 'broken'
      ? content.requestId
      : undefined;
  // The client got a 202 for it, so GET must find it.
  const reservation =
    request?.type === 'ReservationRequested' ? pendingReservation(request, streamId) : undefined;
  return {
    streamId,
    ...(requestId && { requestId }),
    ...(reservation && { reservation }),
    raw: content.type === 'broken' ? content.raw : Buffer.from(JSON.stringify(request)),
    ...reason,
  };
};
