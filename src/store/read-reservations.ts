import { Buffer } from 'node:buffer';
import { partitionOf, type ReservationId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import { beforeAll, type StreamId } from '../domain/stream-id.ts';
import type { Found, HistoryItem, Listed, ReservationQuery } from './contract.ts';
import { historyItemOf } from './journal-row.ts';
import { afterAllIds, bytesOf, hexOf } from './parameter.ts';
import { parkedItemOf } from './parked-row.ts';
import { read } from './read.ts';
import { reservationOf } from './reservation-row.ts';
import { isNull, type Row, reservationIdIn, streamIdIn, uuidIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session, Values } from './session.ts';
import type { Sessions } from './sessions.ts';
import { listed, newFound, tryDecode } from './try-decode.ts';

const findReservations = sentence('find-reservations');
const listReservations = sentence('list-reservations');
const listReservationsOfShow = sentence('list-reservations-of-show');
const listDecisionsOfReservation = sentence('list-decisions-of-reservation');
const listParkedOfRequest = sentence('list-parked-of-request');

export interface ReservationWithWatermark {
  readonly reservation?: Reservation;
  /** Why its row, which is there, cannot be read. */
  readonly unreadable?: string;
  readonly watermark: StreamId;
}

/** One answer an id, from one statement. */
export const findReservationsByIds = async (
  sessions: Sessions,
  ids: readonly ReservationId[],
): Promise<ReadonlyMap<ReservationId, ReservationWithWatermark>> => {
  const rows = await read(sessions, (session) => askFor(session, ids));
  return new Map(rows.map((row) => [reservationIdIn(row, 'asked_id'), withWatermark(row)]));
};

const withWatermark = (row: Row): ReservationWithWatermark => ({
  watermark: isNull(row, 'watermark_ms') ? beforeAll : streamIdIn(row, 'watermark'),
  ...(!isNull(row, 'id') && reservationIn(row)),
});

const reservationIn = (row: Row): Pick<ReservationWithWatermark, 'reservation' | 'unreadable'> => {
  const decoded = tryDecode(`reservation ${uuidIn(row, 'id')}`, () => reservationOf(row));
  return decoded.type === 'read' ? { reservation: decoded.value } : { unreadable: decoded.why };
};

/** Those that exist. */
export const readReservationsByIds = async (
  sessions: Sessions,
  ids: readonly ReservationId[],
): Promise<Found<ReservationId, Reservation>> => {
  if (ids.length === 0) return newFound([]);
  return read(sessions, (session) => reservationsIn(session, [...new Set(ids)]));
};

export const reservationsIn = async (
  session: Session,
  ids: readonly ReservationId[],
): Promise<Found<ReservationId, Reservation>> =>
  reservationsOf((await askFor(session, ids)).filter((row) => !isNull(row, 'id')));

const askFor = (session: Session, ids: readonly ReservationId[]): Promise<readonly Row[]> =>
  session.rows(findReservations, [JSON.stringify(ids.map((id) => [hexOf(id), partitionOf(id)]))]);

const reservationsOf = (rows: readonly Row[]): Found<ReservationId, Reservation> =>
  newFound(
    rows.map((row) => [
      uuidIn(row, 'id'),
      tryDecode(`reservation ${uuidIn(row, 'id')}`, () => [reservationIdIn(row, 'id'), reservationOf(row)]),
    ]),
  );

export const readReservations = async (
  sessions: Sessions,
  query: ReservationQuery,
): Promise<readonly Listed<ReservationId, Reservation>[]> => {
  const { sql, values } = listing(query);
  const rows = await read(sessions, (session) => session.rows(sql, values));
  const found = reservationsOf(rows);
  return rows.map((row) => listed(reservationIdIn(row, 'id'), found));
};

/** A customer has few reservations of many shows, so the customer's list is the shorter one to filter. */
const listing = (query: ReservationQuery): { readonly sql: string; readonly values: Values } => {
  const { customerId, showId, status, reference, after, limit } = query;
  const show = showId === undefined ? null : bytesOf(showId);
  const from = after === undefined ? afterAllIds : bytesOf(after);
  const word = status ?? null;
  const bytes = reference === undefined ? null : Buffer.from(reference);
  const filters = [word, word, bytes, bytes, String(limit)];
  if (customerId !== undefined)
    return { sql: listReservations, values: [Buffer.from(customerId), from, show, show, ...filters] };
  if (show === null) throw new Error('reservations are listed by customer, by show or by both');
  return { sql: listReservationsOfShow, values: [show, from, ...filters] };
};

/** What was set aside, then what was decided, in the order of its making. */
export const readHistory = (sessions: Sessions, id: ReservationId): Promise<readonly HistoryItem[]> =>
  read(sessions, async (session) => {
    const bytes = bytesOf(id);
    const parked = await session.rows(listParkedOfRequest, [bytes]);
    const decisions = await session.rows(listDecisionsOfReservation, [bytes, bytes]);
    return [...parked.map(parkedItemOf), ...decisions.map(historyItemOf)];
  });
