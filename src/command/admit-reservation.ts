import Type from 'typebox';
import { type CustomerId, partitionOf } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { isRejectionReason } from '../domain/reasons.ts';
import type { ReservationRequested } from '../domain/requests.ts';
import { pendingReservation, type Reservation } from '../domain/reservation.ts';
import { lineField, referenceField } from '../http/message/fields.ts';
import { givenShowIdField, validShowId } from '../http/message/given-ids.ts';
import {
  representReservation,
  reservationEtag,
  reservationPath,
} from '../http/message/represent-reservation.ts';
import type { ProblemCode } from '../http/problems/problems.ts';
import { type Admission, type AdmitOptions, admit } from './admit.ts';
import { type Answer, type CommandAnswer, creationUnknown, refusedFor } from './answer-submission.ts';
import { type DoorOptions, refusalAtDoor } from './door.ts';
import type { CommandOptions } from './options.ts';
import { linesInOrder, requestKeyOf } from './request-key.ts';
import type { Wait } from './submit.ts';

/** What a request for places says, however it is sent. */
export const placesFields = {
  showId: givenShowIdField,
  lines: Type.Array(lineField, { minItems: 1, maxItems: limits.linesPerReservation }),
  reference: Type.Optional(referenceField),
};

const placesSchema = Type.Object(placesFields);

/** Why places may be refused, at the door or by the decision. */
export const placesProblems: readonly ProblemCode[] = [
  'not-found',
  'sold-out',
  'customer-limit',
  'hold-limit',
  'sale-not-open',
  'sale-closed',
  'unknown-pool',
  'over-request-limit',
];

/** The request without its id. */
export type ReservationDraft = Omit<ReservationRequested, 'reservationId'>;

interface Asker {
  readonly customerId: CustomerId;
  /** In the form of the header Idempotency-Key. */
  readonly key: string | readonly string[] | undefined;
}

/** `places` was validated by `placesFields`. */
export const draftOf = (
  places: Type.Static<typeof placesSchema>,
  { customerId, key: givenKey }: Asker,
): ReservationDraft => {
  const { lines, reference } = places;
  const showId = validShowId(places.showId);
  const key = requestKeyOf(givenKey, {
    scope: ['customer', customerId],
    command: () => ['ReservationRequested', showId, linesInOrder(lines), reference ?? null],
  });
  return {
    type: 'ReservationRequested',
    showId,
    customerId,
    lines,
    ...(reference !== undefined && { reference }),
    ...(key && { key }),
  };
};

/** The call that a request for places came with. */
export interface PlacesCall {
  readonly wait: Wait;
  /** Called with the request that goes to the stream; adds the trace of the call. */
  readonly accepted: (request: ReservationRequested) => ReservationRequested;
}

/** What admission needs. */
export type PlacesOptions = DoorOptions & AdmitOptions & Pick<CommandOptions, 'reservationIds'>;

/** Checks the door, appends to the stream, and waits for the decision. */
export const admitReservation = async (
  draft: ReservationDraft,
  { accepted, wait }: PlacesCall,
  options: PlacesOptions,
): Promise<Admission<ReservationRequested>> => {
  const partition = partitionOf(draft.showId);
  const refusal = await refusalAtDoor(draft, options);
  const newRequest = (): ReservationRequested => {
    const reservationId = options.reservationIds.mint(partition, draft.customerId);
    return accepted({ ...draft, reservationId });
  };
  return admit({ key: draft.key, refusal, newRequest }, wait, options);
};

export const reservationAnswer = (request: ReservationRequested): CommandAnswer => ({
  path: reservationPath(request.reservationId),
  partition: partitionOf(request.reservationId),
  unknown: creationUnknown,
  pending: (streamId) =>
    streamId === undefined
      ? { id: request.reservationId, status: 'pending' }
      : representReservation(pendingReservation(request, streamId)),
  decided: (outcome) => (outcome.type === 'reservation' ? decision(outcome.reservation) : undefined),
});

/**
 * 201 with the reservation; or the problem for the reason of its rejection, with the reservation as
 * `instance`.
 */
const decision = (reservation: Reservation): Answer => {
  const { id, status, reason, poolId, firstId } = reservation;
  if (status !== 'rejected')
    return {
      type: 'granted',
      status: 201,
      body: representReservation(reservation),
      location: reservationPath(id),
      etag: reservationEtag(reservation),
    };
  if (reason === undefined || !isRejectionReason(reason))
    throw new Error(`reservation ${id} is rejected for ${reason}, which is no reason of this version`);
  // A repeated request is pointed to the reservation that the first one made.
  const instance = reason === 'duplicate-request' && firstId !== undefined ? firstId : id;
  return refusedFor({ reason, ...(poolId !== undefined && { poolId }) }, reservationPath(instance));
};
