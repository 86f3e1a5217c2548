import { Buffer } from 'node:buffer';
import { partitionOf, type ReservationId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import { beforeAll, type StreamId } from '../domain/stream-id.ts';
import type { Found, HistoryItem, ReservationPage, ReservationQuery } from './contract.ts';
import { historyItemOf } from './journal-row.ts';
import { afterAllIds, beforeAllIds, bytesOf, hexOf } from './parameter.ts';
import { parkedItemOf } from './parked-row.ts';
import { read } from './read.ts';
import { reservationOf } from './reservation-row.ts';
import { isNull, type Row, reservationIdIn, streamIdIn, uuidIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session, Values } from './session.ts';
import type { Sessions } from './sessions.ts';
import { listed, newFound, tryDecode } from './try-decode.ts';

const findReservations = sentence('find-reservations');
const listOfCustomer = { list: sentence('list-reservations'), end: sentence('find-list-end') };
const listOfShow = { list: sentence('list-reservations-of-show'), end: sentence('find-list-end-of-show') };
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

/**
 * Rows that a page looks at, at most. A filter that few rows pass would otherwise read through a whole show, for every page
 * that somebody asks for: some 20 ms instead of seconds.
 */
const LOOKED_AT_MAX = 5_000;

/** Whether a row may be looked at and not be on the page. */
export const isFiltered = ({ customerId, showId, status, reference }: ReservationQuery): boolean =>
  status !== undefined || reference !== undefined || (customerId !== undefined && showId !== undefined);

/** Where a page ends at the latest; undefined where no more rows than those are left. */
const endOf = async (session: Session, { sentences, whose, from }: Listing) => {
  const [row] = await session.rows(sentences.end, [whose, from, String(LOOKED_AT_MAX - 1)]);
  return row && reservationIdIn(row, 'id');
};

export const readReservations = async (
  sessions: Sessions,
  query: ReservationQuery,
): Promise<ReservationPage> => {
  const listing = listingOf(query);
  const { sentences, whose, from, filters } = listing;
  const { end, rows } = await read(sessions, async (session) => {
    const last = isFiltered(query) ? await endOf(session, listing) : undefined;
    const to = last === undefined ? beforeAllIds : bytesOf(last);
    // One more than a page tells whether there is another.
    const values = [whose, from, to, ...filters, String(query.limit + 1)];
    return { end: last, rows: await session.rows(sentences.list, values) };
  });
  const found = reservationsOf(rows);
  const page = rows.slice(0, query.limit).map((row) => listed(reservationIdIn(row, 'id'), found));
  const next = rows.length > query.limit ? page.at(-1)?.id : end;
  return { rows: page, ...(next !== undefined && { next }) };
};

interface Listing {
  readonly sentences: { readonly list: string; readonly end: string };
  readonly whose: Buffer;
  readonly from: Buffer;
  readonly filters: Values;
}

/** A customer has few reservations of many shows, so the customer's list is the shorter one to filter. */
const listingOf = ({ customerId, showId, status, reference, after }: ReservationQuery): Listing => {
  const show = showId === undefined ? null : bytesOf(showId);
  const from = after === undefined ? afterAllIds : bytesOf(after);
  const word = status ?? null;
  const bytes = reference === undefined ? null : Buffer.from(reference);
  const filters = [word, word, bytes, bytes];
  if (customerId !== undefined)
    return {
      sentences: listOfCustomer,
      whose: Buffer.from(customerId),
      from,
      filters: [show, show, ...filters],
    };
  if (show === null) throw new Error('reservations are listed by customer, by show or by both');
  return { sentences: listOfShow, whose: show, from, filters };
};

/** What was set aside, then what was decided, in the order of its making. */
export const readHistory = (sessions: Sessions, id: ReservationId): Promise<readonly HistoryItem[]> =>
  read(sessions, async (session) => {
    const bytes = bytesOf(id);
    const parked = await session.rows(listParkedOfRequest, [bytes]);
    const decisions = await session.rows(listDecisionsOfReservation, [bytes, bytes]);
    return [...parked.map(parkedItemOf), ...decisions.map(historyItemOf)];
  });
