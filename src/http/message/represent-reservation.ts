import Type from 'typebox';
import { totalQuantity } from '../../domain/lines.ts';
import type { Reservation, ReservationStatus } from '../../domain/reservation.ts';
import {
  poolIdField,
  referenceField,
  reservationIdField,
  responseLine,
  showIdField,
  timeField,
} from './fields.ts';

const statuses = [
  'pending',
  'held',
  'confirmed',
  'rejected',
  'cancelled',
  'expired',
] as const satisfies readonly ReservationStatus[];

export const statusField = Type.Unsafe<ReservationStatus>({ type: 'string', enum: [...statuses] });

/**
 * Only `id` and `status` are always present: while a request is still in the queue, the tables contain
 * nothing more about it.
 */
export const reservationSchema = Type.Object(
  {
    id: reservationIdField,
    showId: Type.Optional(showIdField),
    status: statusField,
    reason: Type.Optional(Type.String({ description: 'Why it was rejected: one of the problem codes.' })),
    poolId: Type.Optional(poolIdField),
    firstId: Type.Optional(
      Type.String({ description: 'Its Idempotency-Key was used before: the request that counts.' }),
    ),
    lines: Type.Optional(Type.Array(responseLine)),
    reference: Type.Optional(referenceField),
    customerId: Type.Optional(Type.String({ description: 'Told only to services and administrators.' })),
    expiresAt: Type.Optional(timeField),
    extended: Type.Optional(Type.Boolean({ description: 'The hold was extended, which works once.' })),
    requestedAt: Type.Optional(timeField),
    decidedAt: Type.Optional(timeField),
    changedAt: Type.Optional(timeField),
  },
  {
    $id: 'Reservation',
    examples: [
      {
        id: '01941f29-7c00-8003-9a2b-3c4d5e6f7081',
        showId: '01941f29-7000-8003-8123-456789abcdef',
        status: 'confirmed',
        lines: [{ poolId: 'standing', quantity: 3 }],
        reference: 'order-17',
        requestedAt: '2025-01-01T00:00:00.000Z',
        decidedAt: '2025-01-01T00:00:00.012Z',
      },
    ],
  },
);

export interface ReservationBody {
  readonly id: string;
  readonly showId?: string;
  readonly status: ReservationStatus;
  readonly reason?: string;
  readonly poolId?: string;
  readonly firstId?: string;
  readonly lines?: Reservation['lines'];
  readonly reference?: string;
  readonly customerId?: string;
  readonly expiresAt?: string;
  readonly extended?: boolean;
  readonly requestedAt?: string;
  readonly decidedAt?: string;
  readonly changedAt?: string;
}

/**
 * The reservation as its owner sees it. It does not contain the customer, because the owner is the caller.
 */
export const representReservation = (reservation: Reservation): ReservationBody => {
  const { id, showId, status, reason, poolId, firstId, lines, reference } = reservation;
  return {
    id,
    showId,
    status,
    ...(reason !== undefined && { reason }),
    ...(poolId !== undefined && { poolId }),
    ...(firstId !== undefined && { firstId }),
    lines,
    ...(reference !== undefined && { reference }),
    ...holdOf(reservation),
    ...timesOf(reservation),
  };
};

/** For callers who may see everybody's reservations. */
export const representWithCustomer = (reservation: Reservation): ReservationBody => ({
  ...representReservation(reservation),
  customerId: reservation.customerId,
});

/** Shown while the hold lasts, and after it has lapsed; a confirmed reservation no longer expires. */
const holdOf = ({ status, expiresAtMs, extended = false }: Reservation): Partial<ReservationBody> =>
  expiresAtMs !== undefined && (status === 'held' || status === 'expired')
    ? { expiresAt: timeText(expiresAtMs), extended }
    : {};

const timesOf = ({ requestedAtMs, decidedAtMs, changedAtMs }: Reservation): Partial<ReservationBody> => ({
  requestedAt: timeText(requestedAtMs),
  ...(decidedAtMs !== undefined && { decidedAt: timeText(decidedAtMs) }),
  ...(changedAtMs !== undefined && { changedAt: timeText(changedAtMs) }),
});

export const reservationPath = (id: string): string => `/v1/reservations/${id}`;

/** The state in a few characters, for the ETag and for the id of the event that announces it. */
export const reservationVersion = ({
  status,
  lines,
  extended = false,
  decidedAtMs,
  changedAtMs,
}: Pick<Reservation, 'status' | 'lines' | 'extended' | 'decidedAtMs' | 'changedAtMs'>): string => {
  if (changedAtMs === undefined) return decidedAtMs === undefined ? status : `${status}.${decidedAtMs}`;
  // Two changes in one batch have the same time; the other fields that they can change tell them apart.
  return `${status}.${changedAtMs}.${totalQuantity(lines)}${extended ? '.extended' : ''}`;
};

export const reservationEtag = (reservation: Reservation): string => `"${reservationVersion(reservation)}"`;

let lastTime = { ms: 0, text: '1970-01-01T00:00:00.000Z' };

/** Keeps the last text: requests that are appended together have the same time, and every answer has one. */
export const timeText = (ms: number): string => {
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
};
