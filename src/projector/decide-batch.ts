import { type CustomerTotals, totalsAfter, totalsKey } from '../domain/customer.ts';
import { decide, factsOf } from '../domain/decide.ts';
import { lapse } from '../domain/decide-follow-up.ts';
import type { Decision, DuplicateReason, JournalEntry } from '../domain/decisions.ts';
import { partitionOf, type RequestId, type ReservationId, type ShowId } from '../domain/ids.ts';
import { evolve, type ShowLedger } from '../domain/ledger.ts';
import { sumLines } from '../domain/lines.ts';
import { isFollowUp, type RequestEvent, requestIdOf } from '../domain/requests.ts';
import { changeOf, type Reservation, reservationMade } from '../domain/reservation.ts';
import { compareStreamIds, laterOf, msOf } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { KnownKey, ParkedEntry, Progress } from '../store/contract.ts';
import { parkedEntry } from './parked-entry.ts';

export interface BatchInput {
  readonly partition: number;
  /** Holds that are due: they lapse before anything else is decided. */
  readonly due: readonly Reservation[];
  readonly entries: readonly ReadEntry[];
  /** Requests that have their decision (or are parked) already: absorbed without effect. */
  readonly known: ReadonlySet<RequestId>;
  /** Keys that belong to a request already, by their hash. */
  readonly keys: ReadonlyMap<string, KnownKey>;
  /** Committed ledgers of every show the entries name, and of every reservation below. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  /** Committed reservations that follow-ups are about. */
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  /** What customers have, by `totalsKey`, of the shows that count it. */
  readonly customers: ReadonlyMap<string, CustomerTotals>;
  /** Requests that depend on a row which cannot be read, and why. */
  readonly undecidable?: ReadonlyMap<RequestId, string>;
  readonly before: Progress;
  /** Redis TIME of the read, or a later time of our own. */
  readonly nowMs: number;
  /** Why the database refused these entries one by one, where it did: they are parked with it. */
  readonly refusedBecause?: string;
}

export interface DecidedBatch {
  readonly after: Progress;
  readonly journal: readonly JournalEntry[];
  readonly parked: readonly ParkedEntry[];
  /** As they stand after the batch; become true when it is committed. */
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly customers: ReadonlyMap<string, CustomerTotals>;
}

/** The time a batch is decided at: strictly rising, so that no two of a partition share one and every asOf names one state. */
export const batchTime = (nowMs: number, before: Progress): number => Math.max(nowMs, before.clockMs + 1);

/**
 * Decides entries in stream order, each seeing what the one before it took. Pure and in memory; the same input
 * gives the same batch, so a batch that could not be committed is simply decided again.
 */
export const decideBatch = (input: BatchInput): DecidedBatch => {
  const draft = newDraft(input);
  for (const reservation of input.due) record(draft, lapse(reservation));
  for (const entry of input.entries) settleEntry(draft, entry);
  const { journal, parked, ledgers, reservations, customers, watermark, nowMs } = draft;
  return {
    // The position moves even when nothing was decided: a commit whose reply was lost is recognised by it.
    after: {
      position: input.before.position + Math.max(1, journal.length),
      watermark,
      clockMs: nowMs,
      judgedMs: Math.max(input.before.judgedMs, msOf(watermark)),
    },
    journal,
    parked,
    ledgers,
    reservations,
    customers,
  };
};

const newDraft = (input: BatchInput) => ({
  ...input,
  nowMs: batchTime(input.nowMs, input.before),
  watermark: input.before.watermark,
  journal: [] as JournalEntry[],
  parked: [] as ParkedEntry[],
  ledgers: new Map(input.ledgers),
  reservations: new Map([...input.reservations, ...input.due.map((due) => [due.id, due] as const)]),
  customers: new Map(input.customers),
  keys: new Map(input.keys),
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
  const unreadable = draft.undecidable?.get(requestId);
  if (unreadable !== undefined) return park(draft, entry, `cannot be decided: ${unreadable}`);
  const decision = decisionOrFault(draft, entry, content.request);
  if (decision instanceof Error) return park(draft, entry, `cannot be decided: ${decision.message}`);
  record(draft, decision, { entry, request: content.request });
};

/** An exception here is the entry's own fault, found by our own assertion; the rest of the batch must not wait for it. */
const decisionOrFault = (draft: Draft, { streamId }: ReadEntry, request: RequestEvent): Decision | Error => {
  try {
    const duplicate = duplicateOf(draft, request);
    if (duplicate) return duplicate;
    const reservation = isFollowUp(request) ? draft.reservations.get(request.reservationId) : undefined;
    const showId = isFollowUp(request) ? reservation?.showId : request.showId;
    const ledger = showId && draft.ledgers.get(showId);
    // Who asks for somebody else need not name them, and the limits are the reservation's customer's all the same.
    const asking = request.type === 'ReservationRequested' ? request : reservation;
    const customer = asking && draft.customers.get(totalsKey(asking.showId, asking.customerId));
    return decide(request, {
      ledger,
      reservation,
      customer,
      arrivedAtMs: msOf(streamId),
      nowMs: draft.nowMs,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** A key that another request came with first: that one counts, whatever became of it. */
const duplicateOf = (draft: Draft, request: RequestEvent): Decision | undefined => {
  const first = request.key && draft.keys.get(request.key.hash);
  if (!request.key || !first || first.requestId === requestIdOf(request)) return undefined;
  const reason: DuplicateReason =
    first.fingerprint === request.key.fingerprint ? 'duplicate-request' : 'idempotency-key-reused';
  const why = { reason, firstId: first.requestId };
  if (request.type === 'ReservationRequested')
    return { type: 'ReservationRejected', ...factsOf(request), lines: sumLines(request.lines), ...why };
  return isFollowUp(request)
    ? { type: 'RequestRefused', asked: request.type, reservationId: request.reservationId, ...why }
    : { type: 'RequestRefused', asked: request.type, showId: request.showId, ...why };
};

interface Source {
  readonly entry: ReadEntry;
  readonly request: RequestEvent;
}

/** Writes a decision into the journal, and into the draft for those behind it. */
const record = (draft: Draft, decision: Decision, source?: Source): void => {
  const made: JournalEntry = {
    position: draft.before.position + draft.journal.length + 1,
    ...(source && sourceOf(draft, decision, source)),
    decidedAtMs: draft.nowMs,
    late: source !== undefined && compareStreamIds(source.entry.streamId, draft.before.watermark) <= 0,
    decision,
  };
  draft.journal.push(made);
  evolveShow(draft, decision);
  evolveReservation(draft, made);
  evolveCustomer(draft, decision);
};

/** A duplicate's key stays with the request that had it first. */
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

const evolveReservation = (draft: Draft, made: JournalEntry): void => {
  const first = reservationMade(made);
  if (first) draft.reservations.set(first.id, first);
  const { decision } = made;
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

/** GET finds a reservation by the partition in its id, and only one owner may count a show's places. */
const misrouted = (request: RequestEvent, partition: number): string | undefined => {
  const subject = isFollowUp(request) ? request.reservationId : request.showId;
  const stray = [subject, requestIdOf(request)].find((id) => partitionOf(id) !== partition);
  return stray && `${stray} belongs to partition ${partitionOf(stray)}, not ${partition}`;
};

const park = (draft: Draft, entry: ReadEntry, why: string): void => {
  const attempts = draft.refusedBecause ? 2 : 1;
  draft.parked.push(parkedEntry(entry, { why, parkedAtMs: draft.nowMs, attempts }));
};
