import Type from 'typebox';
import type { Reservation, ReservationStatus } from '../domain/reservation.ts';
import {
  answeredLine,
  poolIdField,
  referenceField,
  reservationIdField,
  showIdField,
  timeField,
} from './fields.ts';

const statuses = ['pending', 'confirmed', 'rejected'] as const satisfies readonly ReservationStatus[];

export const statusField = Type.Unsafe<ReservationStatus>({ type: 'string', enum: [...statuses] });

/** Only `id` and `status` are always there: of a request still in the queue the tables know nothing more. */
export const reservationSchema = Type.Object(
  {
    id: reservationIdField,
    showId: Type.Optional(showIdField),
    status: statusField,
    reason: Type.Optional(Type.String({ description: 'Why it was rejected: one of the problem codes.' })),
    poolId: Type.Optional(poolIdField),
    lines: Type.Optional(Type.Array(answeredLine)),
    reference: Type.Optional(referenceField),
    requestedAt: Type.Optional(timeField),
    decidedAt: Type.Optional(timeField),
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
  readonly lines?: Reservation['lines'];
  readonly reference?: string;
  readonly requestedAt?: string;
  readonly decidedAt?: string;
}

/** As its owner sees it; whose it is goes without saying and is not said. */
export const representReservation = (reservation: Reservation): ReservationBody => {
  const { id, showId, status, reason, poolId, lines, reference, requestedAtMs, decidedAtMs } = reservation;
  return {
    id,
    showId,
    status,
    ...(reason !== undefined && { reason }),
    ...(poolId !== undefined && { poolId }),
    lines,
    ...(reference !== undefined && { reference }),
    requestedAt: timeText(requestedAtMs),
    ...(decidedAtMs !== undefined && { decidedAt: timeText(decidedAtMs) }),
  };
};

export const reservationPath = (id: string): string => `/v1/reservations/${id}`;

/** Every change of a reservation is a decision with a time. */
export const reservationEtag = ({
  status,
  decidedAtMs,
}: Pick<Reservation, 'status' | 'decidedAtMs'>): string =>
  decidedAtMs === undefined ? `"${status}"` : `"${status}.${decidedAtMs}"`;

export const timeText = (ms: number): string => new Date(ms).toISOString();
