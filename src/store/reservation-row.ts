import type { RejectionReason } from '../domain/decisions.ts';
import { parseCustomerId, parsePoolId } from '../domain/ids.ts';
import type { Line } from '../domain/lines.ts';
import type { Reservation, ReservationStatus } from '../domain/reservation.ts';
import type { StreamId } from '../domain/stream-id.ts';
import { halvesOf, hexOf } from './parameter.ts';
import { isNull, numberIn, parsedIn, type Row, reservationIdIn, showIdIn, textIn } from './row.ts';

/** What insert-reservations.sql takes, in its order. */
export const reservationElement = (reservation: Reservation, streamId: StreamId): readonly unknown[] => [
  hexOf(reservation.id),
  hexOf(reservation.showId),
  reservation.customerId,
  reservation.status,
  reservation.reason ?? null,
  reservation.poolId ?? null,
  JSON.stringify(reservation.lines.map(({ poolId, quantity }) => [poolId, quantity])),
  reservation.reference ?? null,
  ...halvesOf(streamId),
  reservation.decidedAtMs ?? null,
];

export const reservationOf = (row: Row): Reservation => ({
  id: reservationIdIn(row, 'id'),
  showId: showIdIn(row, 'show_id'),
  customerId: parsedIn(row, 'customer_id', parseCustomerId),
  status: parsedIn(row, 'status', parseStatus),
  lines: parseLines(textIn(row, 'line_list')),
  ...(!isNull(row, 'reference') && { reference: textIn(row, 'reference') }),
  ...(!isNull(row, 'reason') && { reason: parsedIn(row, 'reason', parseReason) }),
  ...(!isNull(row, 'pool_id') && { poolId: parsedIn(row, 'pool_id', parsePoolId) }),
  requestedAtMs: numberIn(row, 'requested_ms'),
  ...(!isNull(row, 'decided_at_ms') && { decidedAtMs: numberIn(row, 'decided_at_ms') }),
});

/** Records, so that the compiler asks for a new word's place here. */
const statuses: Readonly<Record<ReservationStatus, true>> = {
  pending: true,
  confirmed: true,
  rejected: true,
};
const reasons: Readonly<Record<RejectionReason, true>> = {
  'not-found': true,
  'unknown-pool': true,
  'over-request-limit': true,
  'sale-not-open': true,
  'sale-closed': true,
  'sold-out': true,
};

const parseStatus = (text: string): ReservationStatus | undefined =>
  Object.hasOwn(statuses, text) ? (text as ReservationStatus) : undefined;

const parseReason = (text: string): RejectionReason | undefined =>
  Object.hasOwn(reasons, text) ? (text as RejectionReason) : undefined;

const parseLines = (text: string): readonly Line[] =>
  (JSON.parse(text) as readonly (readonly [Line['poolId'], number])[]).map(([poolId, quantity]) => ({
    poolId,
    quantity,
  }));
