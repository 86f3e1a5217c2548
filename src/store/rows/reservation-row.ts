import type { ReservationId } from '../../domain/ids.ts';
import type { Line } from '../../domain/lines.ts';
import type { Reservation, ReservationChange } from '../../domain/reservation.ts';
import type { StreamId } from '../../domain/stream-id.ts';
import { newRowReader, type ReadableRow, type SelectedRow } from '../database/column-types.ts';
import type { Row } from '../database/columns.ts';
import { halvesOf, hexOf } from '../database/parameters.ts';
import { reservations } from '../schema.ts';

/** The values of a row for insert-reservations.sql, in its order. */
export const reservationValues = (reservation: Reservation, streamId: StreamId): unknown[] => [
  hexOf(reservation.id),
  hexOf(reservation.showId),
  reservation.customerId,
  reservation.status,
  reservation.reason ?? null,
  reservation.poolId ?? null,
  textOfLines(reservation.lines),
  reservation.reference ?? null,
  ...halvesOf(streamId),
  reservation.decidedAtMs ?? null,
  reservation.expiresAtMs ?? null,
  reservation.extended ? 1 : 0,
  reservation.changedAtMs ?? null,
  reservation.firstId === undefined ? null : hexOf(reservation.firstId),
];

/** The values of an element for change-reservations.sql, in its order. */
export const reservationChangeValues = (
  id: ReservationId,
  { status, lines, reference, expiresAtMs, extended, changedAtMs }: ReservationChange,
): unknown[] => [
  hexOf(id),
  status ?? null,
  lines === undefined ? null : textOfLines(lines),
  reference ?? null,
  expiresAtMs ?? null,
  extended === undefined ? null : Number(extended),
  changedAtMs ?? null,
];

/**
 * The JSON is built from strings, which takes a third of the time: pool ids contain nothing that has to be
 * escaped.
 */
const textOfLines = (lines: readonly Line[]): string => {
  let text = '';
  for (const { poolId, quantity } of lines) text += `${text === '' ? '[' : ','}["${poolId}",${quantity}]`;
  return text === '' ? '[]' : `${text}]`;
};

/** The columns that a reservation is read from. */
export const reservationColumns = {
  id: reservations.id,
  showId: reservations.showId,
  customerId: reservations.customerId,
  status: reservations.status,
  reason: reservations.reason,
  poolId: reservations.poolId,
  lines: reservations.lines,
  reference: reservations.reference,
  requestedMs: reservations.requestedMs,
  decidedAtMs: reservations.decidedAtMs,
  expiresAtMs: reservations.expiresAtMs,
  extended: reservations.extended,
  changedAtMs: reservations.changedAtMs,
  firstId: reservations.firstId,
};

export type ReservationColumns = SelectedRow<typeof reservationColumns>;

/**
 * Members are assigned one by one: a spread for each optional one would take a third of the function's time.
 */
type ReservationDraft = { -readonly [Member in keyof Reservation]: Reservation[Member] };

export const reservationFrom = (row: ReadableRow<ReservationColumns>): Reservation => {
  const { id, showId, customerId, status, lines, requestedMs: requestedAtMs } = row;
  const reservation: ReservationDraft = { id, showId, customerId, status, lines, requestedAtMs };
  if (row.reference !== null) reservation.reference = row.reference;
  if (row.reason !== null) reservation.reason = row.reason;
  if (row.poolId !== null) reservation.poolId = row.poolId;
  if (row.firstId !== null) reservation.firstId = row.firstId;
  if (row.expiresAtMs !== null) reservation.expiresAtMs = row.expiresAtMs;
  if (row.extended) reservation.extended = true;
  if (row.decidedAtMs !== null) reservation.decidedAtMs = row.decidedAtMs;
  if (row.changedAtMs !== null) reservation.changedAtMs = row.changedAtMs;
  return reservation;
};

const readColumns = newRowReader(reservationColumns);

/** Reads a row of a statement in sql/. */
export const reservationOf = (row: Row): Reservation => reservationFrom(readColumns(row));
