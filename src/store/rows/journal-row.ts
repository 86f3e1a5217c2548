import type { Decision, JournalEntry, PoolNumbers, ReservationState } from '../../domain/decisions.ts';
import type { RequestId, ShowId } from '../../domain/ids.ts';
import type { RequestKey } from '../../domain/requests.ts';
import type { HistoryItem } from '../contract.ts';
import {
  newRowReader,
  type ReadableRow,
  readable,
  readableValue,
  type SelectedRow,
} from '../database/column-types.ts';
import type { Row } from '../database/columns.ts';
import { halvesOf, hexOf, streamIdFrom } from '../database/parameters.ts';
import { tryDecode } from '../database/try-decode.ts';
import { journal } from '../schema.ts';

/** The values of a row for insert-journal.sql, in its order. */
export const journalValues = (entry: JournalEntry): unknown[] => {
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
    // Mostly the same number, which is a text already.
    entry.judgedAtMs === Number(ms) ? ms : (entry.judgedAtMs ?? null),
    entry.late ? 1 : 0,
    JSON.stringify(dataOf(entry)),
  ];
};

/**
 * The members of a decision that no other column holds. A reservation's id is left out where it is the
 * request id of the decision that made it. The decision is copied whole and members are then set to
 * undefined, which JSON leaves out: picking members while copying takes four times as long.
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

/** The columns that a decision is read from. */
export const journalColumns = {
  position: journal.position,
  requestId: journal.requestId,
  type: journal.type,
  showId: journal.showId,
  streamMs: journal.streamMs,
  streamSeq: journal.streamSeq,
  decidedAtMs: journal.decidedAtMs,
  judgedAtMs: journal.judgedAtMs,
  late: journal.late,
  data: journal.data,
};

export type JournalColumns = SelectedRow<typeof journalColumns>;

type Draft<T> = { -readonly [Member in keyof T]: T[Member] };

export const journalEntryFrom = (row: ReadableRow<JournalColumns>): JournalEntry => {
  const { position, type, requestId, showId, decidedAtMs, judgedAtMs, late } = row;
  const { key, traceId, poolsAfter, reservationAfter, ...facts } = parseData(row.data);
  const named: { showId?: ShowId; reservationId?: RequestId | undefined } = {};
  if (showId !== null) named.showId = showId;
  if (makers.has(type)) named.reservationId = requestId ?? undefined;
  const decision = parseDecision(type, named, facts);
  const entry: Draft<JournalEntry> = { position, decidedAtMs, late, decision };
  const streamId = streamIdFrom(row.streamMs, row.streamSeq);
  if (requestId !== null) entry.requestId = requestId;
  if (streamId !== undefined) entry.streamId = streamId;
  if (key !== undefined) entry.key = key;
  if (traceId !== undefined) entry.traceId = traceId;
  if (judgedAtMs !== null) entry.judgedAtMs = judgedAtMs;
  if (poolsAfter) entry.poolsAfter = poolsAfter;
  if (reservationAfter) entry.reservationAfter = reservationAfter;
  return entry;
};

const readColumns = newRowReader(journalColumns);

/** Reads a row of a statement in sql/. */
export const journalEntryOf = (row: Row): JournalEntry => journalEntryFrom(readColumns(row));

/** Where the decision's data or type cannot be read, the item is made of the other columns only. */
export const historyItemOf = (row: JournalColumns): HistoryItem => {
  const position = readableValue(row.position);
  const decoded = tryDecode(`decision ${position} in the journal`, () => journalEntryFrom(readable(row)));
  if (decoded.type === 'read') return { type: 'decision', entry: decoded.value };
  const streamId = streamIdFrom(readableValue(row.streamMs), readableValue(row.streamSeq));
  return {
    type: 'unreadable',
    decision: readableValue(row.type),
    position,
    ...(streamId !== undefined && { streamId }),
    decidedAtMs: readableValue(row.decidedAtMs),
    why: decoded.why,
  };
};

const makers: ReadonlySet<string> = new Set([
  'ReservationHeld',
  'ReservationConfirmed',
  'ReservationRejected',
] satisfies readonly Decision['type'][]);

interface Data {
  readonly key?: RequestKey;
  readonly traceId?: string;
  readonly poolsAfter?: readonly PoolNumbers[];
  readonly reservationAfter?: ReservationState;
  /** Absent where it is the decision's own request id. */
  readonly reservationId?: RequestId;
}

/** Trusts the JSON: it was written by `journalValues`, and the journal is never changed. */
const parseData = (data: string): Data => JSON.parse(data) as Data;

/** A record, so that the compiler demands an entry here for every new type of decision. */
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

const parseDecision = (type: string, named: object, facts: object): Decision => {
  if (!Object.hasOwn(known, type))
    throw new Error(`the journal holds a ${type}, which this version does not know: upgrade`);
  return { type, ...named, ...facts } as Decision;
};
