import type { FastifyRequest } from 'fastify';
import { parseReservationId, partitionOf, type ReservationId } from '../domain/ids.ts';
import { customerIdOf } from '../http/identity.ts';
import type { Problem } from '../http/problem.ts';
import type { QueryOptions } from './options.ts';

export type ReservationRoute = { Params: { id: string } };

/** The id in the address if it is the caller's own. Whoever asks for another's learns nothing, not even by timing. */
export const parseOwnReservationId = (
  request: FastifyRequest<ReservationRoute>,
  { reservationIds, partitions }: Pick<QueryOptions, 'reservationIds' | 'partitions'>,
): ReservationId | undefined => {
  const id = parseReservationId(request.params.id);
  if (!id || partitionOf(id) >= partitions) return undefined;
  return reservationIds.isOwn(id, customerIdOf(request)) ? id : undefined;
};

export const noSuchReservation: Problem = {
  code: 'not-found',
  detail: 'You have no reservation with this id. GET /v1/reservations lists yours.',
};
