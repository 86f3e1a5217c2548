import type { Outcome } from '../../src/domain/outcome.ts';
import type { ReservationRequested } from '../../src/domain/requests.ts';
import type { Reservation, ReservationChange } from '../../src/domain/reservation.ts';
import type { StreamId } from '../../src/domain/stream-id.ts';
import type { ReadVerdict } from '../../src/log/contract.ts';
import { line, request, reservationId, showId } from '../domain/generate.ts';

/** The first number of the reservations that generate.ts makes. */
const idOffset = 1_000_000;

/** The n-th request of a partition. */
export const requestOf = (partition: number, n: number): ReservationRequested =>
  request(n, [line('standing', 1)], showId(1, partition));

export const reservationOf = (partition: number, n: number): Reservation => {
  const { reservationId: id, showId: show, customerId, lines } = requestOf(partition, n);
  return { id, showId: show, customerId, lines, status: 'confirmed', requestedAtMs: 5, decidedAtMs: 6 };
};

export const outcomeOf = (partition: number, n: number): Outcome => ({
  type: 'reservation',
  reservation: reservationOf(partition, n),
});

/** The n-th reservation of a partition, after a later change. */
export const changedOf = (partition: number, n: number, change: ReservationChange): Outcome => ({
  type: 'reservation',
  reservation: { ...reservationOf(partition, n), ...change },
});

/** The stream ids a read returned. */
export const idsIn = (verdict: ReadVerdict): readonly StreamId[] =>
  verdict.type === 'read' ? verdict.entries.map(({ streamId }) => streamId) : [];

/** Which of the requests made by requestOf a read returned. */
export const numbersIn = (verdict: ReadVerdict): readonly number[] => {
  if (verdict.type !== 'read') return [];
  return verdict.entries.map(({ content }) => {
    if (content.type !== 'request' || content.request.type !== 'ReservationRequested') return Number.NaN;
    return Number.parseInt(content.request.reservationId.slice(24), 16) - idOffset;
  });
};

export const reservationIdOf = (partition: number, n: number) => reservationId(n, partition);
