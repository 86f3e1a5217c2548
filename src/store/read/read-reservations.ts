import { and, desc, eq, gte, lt, type Placeholder } from 'drizzle-orm';
import { partitionOf, type ReservationId } from '../../domain/ids.ts';
import type { Reservation } from '../../domain/reservation.ts';
import { beforeAll, type StreamId } from '../../domain/stream-id.ts';
import type { HistoryItem, ListRow, Lookup, ReservationPage, ReservationQuery } from '../contract.ts';
import { readable, readableValue } from '../database/column-types.ts';
import { isNull, type Row, reservationIdIn, streamIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { afterAllIds, beforeAllIds, bytesOf, hexOf } from '../database/parameters.ts';
import { newFilteredQuery, newQuery, plainBytes, plainNumber } from '../database/queries.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { newLookup, tryDecode } from '../database/try-decode.ts';
import { historyItemOf, journalColumns } from '../rows/journal-row.ts';
import { parkedItemColumns, parkedItemOf } from '../rows/parked-row.ts';
import {
  type ReservationColumns,
  reservationColumns,
  reservationFrom,
  reservationOf,
} from '../rows/reservation-row.ts';
import { journal, parked, reservationDecisions, reservations } from '../schema.ts';

const findReservations = loadSql('read/find-reservations');

export interface ReservationWithWatermark {
  readonly reservation?: Reservation;
  /** Why the row exists but cannot be read. */
  readonly unreadable?: string;
  readonly watermark: StreamId;
}

/** One answer per id, from one statement. */
export const findReservationsByIds = async (
  sessions: Sessions,
  ids: readonly ReservationId[],
): Promise<ReadonlyMap<ReservationId, ReservationWithWatermark>> => {
  const rows = await readWithRetry(sessions, (session) => rowsFor(session, ids));
  return new Map(rows.map(withWatermark));
};

const withWatermark = (row: Row): readonly [ReservationId, ReservationWithWatermark] => {
  const id = reservationIdIn(row, 'asked_id');
  const watermark = isNull(row, 'watermark_ms') ? beforeAll : streamIdIn(row, 'watermark');
  if (isNull(row, 'id')) return [id, { watermark }];
  const decoded = tryDecode(`reservation ${id}`, () => reservationOf(row));
  return [
    id,
    decoded.type === 'read'
      ? { watermark, reservation: decoded.value }
      : { watermark, unreadable: decoded.why },
  ];
};

/** The reservations that exist. */
export const readReservationsByIds = async (
  sessions: Sessions,
  ids: readonly ReservationId[],
): Promise<Lookup<ReservationId, Reservation>> => {
  if (ids.length === 0) return newLookup([]);
  return readWithRetry(sessions, (session) => reservationsIn(session, [...new Set(ids)]));
};

export const reservationsIn = async (
  session: Session,
  ids: readonly ReservationId[],
): Promise<Lookup<ReservationId, Reservation>> =>
  reservationsOf((await rowsFor(session, ids)).filter((row) => !isNull(row, 'id')));

const rowsFor = (session: Session, ids: readonly ReservationId[]): Promise<readonly Row[]> =>
  session.rows(findReservations, [JSON.stringify(ids.map((id) => [hexOf(id), partitionOf(id)]))]);

const reservationsOf = (rows: readonly Row[]): Lookup<ReservationId, Reservation> =>
  newLookup(
    rows.map((row) => {
      const id = reservationIdIn(row, 'asked_id');
      return [id, tryDecode(`reservation ${id}`, () => [id, reservationOf(row)])];
    }),
  );

/**
 * The maximum number of rows read for a page. With a filter that few rows pass, every page would otherwise
 * read a whole show, which takes seconds; with this limit it takes about 20 ms.
 */
const LOOKED_AT_MAX = 5_000;

/** Whether the query has filters, so that a row may be read and not be on the page. */
export const isFiltered = ({ customerId, showId, status, reference }: ReservationQuery): boolean =>
  status !== undefined || reference !== undefined || (customerId !== undefined && showId !== undefined);

/** A customer has few reservations of many shows, so the customer's list is the shorter one to filter. */
const listOf = ({ customer, show }: { readonly customer?: Placeholder; readonly show?: Placeholder }) => ({
  whose: [customer && eq(reservations.customerId, customer), show && eq(reservations.showId, show)],
  order: { forceIndex: customer ? 'reservations_customer' : 'reservations_show' },
});

/** Newest first, from the id before one down to another. */
export const listReservations = newFilteredQuery(
  { before: plainBytes, from: plainBytes, limit: plainNumber },
  {
    customer: reservations.customerId,
    show: reservations.showId,
    status: reservations.status,
    reference: reservations.reference,
  },
  (db, { before, from, limit, status, reference, ...list }) => {
    const { whose, order } = listOf(list);
    return db
      .select(reservationColumns)
      .from(reservations, order)
      .where(
        and(
          ...whose,
          lt(reservations.id, before),
          gte(reservations.id, from),
          status && eq(reservations.status, status),
          reference && eq(reservations.reference, reference),
        ),
      )
      .orderBy(desc(reservations.id))
      .limit(limit);
  },
);

/** The last id that a page may read; no row if no more are left. The statement reads the index only. */
export const findListEnd = newFilteredQuery(
  { before: plainBytes, lookedAt: plainNumber },
  { customer: reservations.customerId, show: reservations.showId },
  (db, { before, lookedAt, customer, show }) => {
    const { whose, order } = listOf(customer ? { customer } : { ...(show && { show }) });
    return db
      .select({ id: reservations.id })
      .from(reservations, order)
      .where(and(...whose, lt(reservations.id, before)))
      .orderBy(desc(reservations.id))
      .limit(1)
      .offset(lookedAt);
  },
);

export const readReservations = async (
  sessions: Sessions,
  query: ReservationQuery,
): Promise<ReservationPage> => {
  const { customerId, showId, status, reference, after, limit } = query;
  if (customerId === undefined && showId === undefined)
    throw new Error('reservations are listed by customer, by show or by both');
  const before = after === undefined ? afterAllIds : bytesOf(after);
  const customer = customerId !== undefined && { customer: customerId };
  const whose = { ...customer, ...(showId !== undefined && { show: showId }) };
  const filters = { ...(status !== undefined && { status }), ...(reference !== undefined && { reference }) };
  const { end, rows } = await readWithRetry(sessions, async (session) => {
    const [last] = isFiltered(query)
      ? await findListEnd.rows(session, { ...(customer || whose), before, lookedAt: LOOKED_AT_MAX - 1 })
      : [];
    const from = last ? bytesOf(readableValue(last.id)) : beforeAllIds;
    // One more than a page tells whether there is another.
    const values = { ...whose, ...filters, before, from, limit: limit + 1 };
    return { end: last && readableValue(last.id), rows: await listReservations.rows(session, values) };
  });
  const page = rows.slice(0, limit).map(listedReservation);
  const next = rows.length > limit ? page.at(-1)?.id : end;
  return { rows: page, ...(next !== undefined && { next }) };
};

const listedReservation = (row: ReservationColumns): ListRow<ReservationId, Reservation> => {
  const id = readableValue(row.id);
  const decoded = tryDecode(`reservation ${id}`, () => reservationFrom(readable(row)));
  return decoded.type === 'read' ? { id, value: decoded.value } : { id, unreadable: decoded.why };
};

/** The first hundred parked entries of a request. */
export const listParkedOfRequest = newQuery({ request: parked.requestId }, (db, { request }) =>
  db
    .select(parkedItemColumns)
    .from(parked)
    .where(eq(parked.requestId, request))
    .orderBy(parked.parkedAtMs, parked.streamMs, parked.streamSeq)
    .limit(100),
);

/**
 * In the order they were made: the decision on the reservation's own request, then the first thousand on
 * follow-ups and lapses. The limit is there because a client may repeat a follow-up endlessly.
 */
export const listDecisionsOfReservation = newQuery(
  { reservation: reservationDecisions.reservationId },
  (db, { reservation }) => {
    const { partitionId, position } = reservationDecisions;
    const later = db
      .select({ partitionId, position })
      .from(reservationDecisions)
      .where(eq(reservationDecisions.reservationId, reservation))
      .orderBy(position)
      .limit(1_000)
      .as('later');
    const isLater = and(eq(journal.partitionId, later.partitionId), eq(journal.position, later.position));
    return db
      .select(journalColumns)
      .from(journal)
      .where(eq(journal.requestId, reservation))
      .unionAll(db.select(journalColumns).from(later).innerJoin(journal, isLater))
      .orderBy(journal.position);
  },
);

/** Parked entries, then decisions, each in the order they were made. */
export const readHistory = (sessions: Sessions, id: ReservationId): Promise<readonly HistoryItem[]> =>
  readWithRetry(sessions, async (session) => {
    const setAside = await listParkedOfRequest.rows(session, { request: id });
    const decisions = await listDecisionsOfReservation.rows(session, { reservation: id });
    return [...setAside.map((row) => parkedItemOf(readable(row))), ...decisions.map(historyItemOf)];
  });
