import { Buffer } from 'node:buffer';
import { partitionOf, type ReservationId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import { beforeAll, type StreamId } from '../domain/stream-id.ts';
import type { HistoryItem, ReservationQuery } from './contract.ts';
import { journalEntryOf } from './journal-row.ts';
import { bytesOf, hexOf } from './parameter.ts';
import { parkedItemOf } from './parked-row.ts';
import { read } from './read.ts';
import { afterAllIds } from './read-ledgers.ts';
import { reservationOf } from './reservation-row.ts';
import { isNull, type Row, reservationIdIn, streamIdIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

const findReservations = sentence('find-reservations');
const listReservations = sentence('list-reservations');
const listDecisionsOfRequest = sentence('list-decisions-of-request');
const listParkedOfRequest = sentence('list-parked-of-request');

export interface ReservationWithWatermark {
  readonly reservation?: Reservation;
  readonly watermark: StreamId;
}

/** One answer an id, from one statement. */
export const findReservationsByIds = async (
  sessions: Sessions,
  ids: readonly ReservationId[],
): Promise<ReadonlyMap<ReservationId, ReservationWithWatermark>> => {
  const asked = JSON.stringify(ids.map((id) => [hexOf(id), partitionOf(id)]));
  const rows = await read(sessions, (session) => session.rows(findReservations, [asked]));
  return new Map(rows.map((row) => [reservationIdIn(row, 'asked_id'), withWatermark(row)]));
};

const withWatermark = (row: Row): ReservationWithWatermark => ({
  watermark: isNull(row, 'watermark_ms') ? beforeAll : streamIdIn(row, 'watermark'),
  ...(!isNull(row, 'id') && { reservation: reservationOf(row) }),
});

export const readReservations = async (
  sessions: Sessions,
  { customerId, showId, status, reference, after, limit }: ReservationQuery,
): Promise<readonly Reservation[]> => {
  const show = showId === undefined ? null : bytesOf(showId);
  const referenceBytes = reference === undefined ? null : Buffer.from(reference);
  const values = [
    Buffer.from(customerId),
    after === undefined ? afterAllIds : bytesOf(after),
    ...[show, show],
    ...[status ?? null, status ?? null],
    ...[referenceBytes, referenceBytes],
    String(limit),
  ];
  const rows = await read(sessions, (session) => session.rows(listReservations, values));
  return rows.map(reservationOf);
};

/** What was set aside and what was decided; the first decision is about a request of the reservation's own id. */
export const readHistory = (sessions: Sessions, id: ReservationId): Promise<readonly HistoryItem[]> =>
  read(sessions, async (session) => {
    const parked = await session.rows(listParkedOfRequest, [bytesOf(id)]);
    const decisions = await session.rows(listDecisionsOfRequest, [bytesOf(id)]);
    return [
      ...parked.map(parkedItemOf),
      ...decisions.map((row): HistoryItem => ({ type: 'decision', entry: journalEntryOf(row) })),
    ];
  });
