import type { Decision, JournalEntry, PoolNumbers, ReservationState } from '../domain/decisions.ts';
import type { RequestId } from '../domain/ids.ts';
import type { RequestKey } from '../domain/requests.ts';
import type { HistoryItem } from './contract.ts';
import { halvesOf, hexOf } from './parameter.ts';
import { isNull, numberIn, type Row, requestIdIn, showIdIn, streamIdIn, textIn } from './row.ts';
import { tryDecode } from './try-decode.ts';

/** What insert-journal.sql takes: one element an entry, in its order. */
export const journalElement = (entry: JournalEntry): unknown[] => {
  const { showId } = entry.decision;
  const [ms, seq] = entry.streamId === undefined ? [null, null] : halvesOf(entry.streamId);
  return [
    entry.position,
    entry.requestId === undefined ? null : hexOf(entry.requestId),
    entry.decision.type,
    showId === undefined ? null : hexOf(showId),
    ms,
    seq,
    entry.decidedAtMs,
    // Mostly the same digits, which are text already.
    entry.judgedAtMs === Number(ms) ? ms : (entry.judgedAtMs ?? null),
    entry.late ? 1 : 0,
    JSON.stringify(dataOf(entry)),
  ];
};

/**
 * What the other columns do not hold. A reservation's id is the request id of the decision that made it. Copied whole
 * and then emptied, for JSON leaves out what is undefined: picking members while copying costs four times as much.
 */
const dataOf = (entry: JournalEntry): object => {
  const { decision, requestId, key, traceId, poolsAfter, reservationAfter } = entry;
  const data: Record<string, unknown> = { ...decision };
  data.type = undefined;
  data.showId = undefined;
  if (data.reservationId === requestId) data.reservationId = undefined;
  if (key) data.key = key;
  if (traceId) data.traceId = traceId;
  if (poolsAfter) data.poolsAfter = poolsAfter;
  if (reservationAfter) data.reservationAfter = reservationAfter;
  return data;
};

export const journalEntryOf = (row: Row): JournalEntry => {
  const { key, traceId, poolsAfter, reservationAfter, ...facts } = parseData(textIn(row, 'data'));
  const requestId = isNull(row, 'request_id') ? undefined : requestIdIn(row, 'request_id');
  return {
    position: numberIn(row, 'position'),
    ...(requestId !== undefined && { requestId }),
    ...(!isNull(row, 'stream_ms') && { streamId: streamIdIn(row, 'stream') }),
    ...(key !== undefined && { key }),
    ...(traceId !== undefined && { traceId }),
    decidedAtMs: numberIn(row, 'decided_at_ms'),
    ...(!isNull(row, 'judged_at_ms') && { judgedAtMs: numberIn(row, 'judged_at_ms') }),
    late: numberIn(row, 'late') === 1,
    decision: parseDecision(textIn(row, 'type'), {
      ...(!isNull(row, 'show_id') && { showId: showIdIn(row, 'show_id') }),
      ...(makesReservation(row) && { reservationId: requestId }),
      ...facts,
    }),
    ...(poolsAfter && { poolsAfter }),
    ...(reservationAfter && { reservationAfter }),
  };
};

/** With the columns alone, where its data or its type cannot be read. */
export const historyItemOf = (row: Row): HistoryItem => {
  const position = numberIn(row, 'position');
  const decoded = tryDecode(`decision ${position} in the journal`, () => journalEntryOf(row));
  if (decoded.type === 'read') return { type: 'decision', entry: decoded.value };
  return {
    type: 'unreadable',
    decision: textIn(row, 'type'),
    position,
    ...(!isNull(row, 'stream_ms') && { streamId: streamIdIn(row, 'stream') }),
    decidedAtMs: numberIn(row, 'decided_at_ms'),
    why: decoded.why,
  };
};

const makers: ReadonlySet<string> = new Set([
  'ReservationHeld',
  'ReservationConfirmed',
  'ReservationRejected',
] satisfies readonly Decision['type'][]);

const makesReservation = (row: Row): boolean => makers.has(textIn(row, 'type'));

interface Data {
  readonly key?: RequestKey;
  readonly traceId?: string;
  readonly poolsAfter?: readonly PoolNumbers[];
  readonly reservationAfter?: ReservationState;
  /** Absent where the request made it. */
  readonly reservationId?: RequestId;
}

/** Trusts the JSON: it was written by journalElement and the journal is never changed. */
const parseData = (data: string): Data => JSON.parse(data) as Data;

/** A record, so that the compiler asks for a new decision's place here. */
const known: Readonly<Record<Decision['type'], true>> = {
  ShowOpened: true,
  ShowChanged: true,
  ReservationHeld: true,
  ReservationConfirmed: true,
  ReservationRejected: true,
  HoldExtended: true,
  ReservationReduced: true,
  ReservationCancelled: true,
  HoldExpired: true,
  RequestSatisfied: true,
  RequestRefused: true,
};

const parseDecision = (type: string, facts: object): Decision => {
  if (!Object.hasOwn(known, type))
    throw new Error(`the journal holds a ${type}, which this version does not know: upgrade`);
  return { type, ...facts } as Decision;
};
