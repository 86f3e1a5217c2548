import { partitionOf, type ReservationId } from '../../domain/ids.ts';
import { parseGivenReservationId } from '../message/given-ids.ts';
import type { Problem } from '../problems/problem.ts';
import type { Caller } from './identity.ts';
import type { ReservationIds } from './reservation-ids.ts';
import { seesEverybody } from './sees-everybody.ts';

export interface OwnIdOptions {
  /** P: ids of higher partitions belong to another installation. */
  readonly partitions: number;
  readonly reservationIds: Pick<ReservationIds, 'isOwn'>;
}

/**
 * The id in an address, if the caller may see that reservation. For the id of another customer the answer
 * reveals nothing, not even by its timing.
 */
export const parseOwnReservationId = (
  text: string,
  caller: Caller,
  { reservationIds, partitions }: OwnIdOptions,
): ReservationId | undefined => {
  const id = parseGivenReservationId(text);
  if (!id || partitionOf(id) >= partitions) return undefined;
  if (seesEverybody(caller)) return id;
  return caller.customerId !== undefined && reservationIds.isOwn(id, caller.customerId) ? id : undefined;
};

export type ReservationRoute = { Params: { id: string } };

export const noSuchReservation: Problem = {
  code: 'not-found',
  detail: 'You have no reservation with this id. GET /v1/reservations lists yours.',
};
