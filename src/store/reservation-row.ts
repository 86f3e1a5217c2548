import { parseCustomerId, parsePoolId, type ReservationId } from '../domain/ids.ts';
import type { Line } from '../domain/lines.ts';
import { isRejectionReason, type NewerReason, type RejectionReason } from '../domain/reasons.ts';
import {
  type Reservation,
  type ReservationChange,
  type ReservationStatus,
  reservationStatuses,
} from '../domain/reservation.ts';
import type { StreamId } from '../domain/stream-id.ts';
import { halvesOf, hexOf } from './parameter.ts';
import {
  isNull,
  numberIn,
  parsedIn,
  type Row,
  requestIdIn,
  reservationIdIn,
  showIdIn,
  textIn,
} from './row.ts';

/** What insert-reservations.sql takes, in its order. */
export const reservationElement = (reservation: Reservation, streamId: StreamId): unknown[] => [
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

/** What change-reservations.sql takes, in its order. */
export const reservationChangeElement = (
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

/** JSON put together by hand, in a third of the time: nothing in a pool id has to be escaped. */
const textOfLines = (lines: readonly Line[]): string => {
  let text = '';
  for (const { poolId, quantity } of lines) text += `${text === '' ? '[' : ','}["${poolId}",${quantity}]`;
  return text === '' ? '[]' : `${text}]`;
};

export const reservationOf = (row: Row): Reservation => ({
  id: reservationIdIn(row, 'id'),
  showId: showIdIn(row, 'show_id'),
  customerId: parsedIn(row, 'customer_id', parseCustomerId),
  status: parsedIn(row, 'status', parseStatus),
  lines: parseLines(textIn(row, 'line_list')),
  ...(!isNull(row, 'reference') && { reference: textIn(row, 'reference') }),
  ...(!isNull(row, 'reason') && { reason: parsedIn(row, 'reason', parseReason) }),
  ...(!isNull(row, 'pool_id') && { poolId: parsedIn(row, 'pool_id', parsePoolId) }),
  ...(!isNull(row, 'first_id') && { firstId: requestIdIn(row, 'first_id') }),
  ...(!isNull(row, 'expires_at_ms') && { expiresAtMs: numberIn(row, 'expires_at_ms') }),
  ...(numberIn(row, 'extended') === 1 && { extended: true }),
  requestedAtMs: numberIn(row, 'requested_ms'),
  ...(!isNull(row, 'decided_at_ms') && { decidedAtMs: numberIn(row, 'decided_at_ms') }),
  ...(!isNull(row, 'changed_at_ms') && { changedAtMs: numberIn(row, 'changed_at_ms') }),
});

const parseStatus = (text: string): ReservationStatus | undefined =>
  Object.hasOwn(reservationStatuses, text) ? (text as ReservationStatus) : undefined;

const reasonWord = /^[a-z][a-z-]{0,39}$/;

/** A newer build's is told as it stands: nothing that is decided later depends on why a reservation was rejected. */
const parseReason = (text: string): RejectionReason | NewerReason | undefined => {
  if (isRejectionReason(text)) return text;
  return reasonWord.test(text) ? (text as NewerReason) : undefined;
};

const parseLines = (text: string): readonly Line[] => {
  const lines: unknown = JSON.parse(text);
  if (!Array.isArray(lines)) throw new Error('column line_list holds no lines');
  return lines.map(parseLine);
};

const parseLine = (line: unknown): Line => {
  const [pool, quantity] = Array.isArray(line) ? (line as unknown[]) : [];
  const poolId = typeof pool === 'string' ? parsePoolId(pool) : undefined;
  if (poolId === undefined || typeof quantity !== 'number' || !Number.isSafeInteger(quantity) || quantity < 1)
    throw new Error(`column line_list holds the line ${JSON.stringify(line)}`);
  return { poolId, quantity };
};
