import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { partitionOf } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { isRejectionReason } from '../domain/reasons.ts';
import type { ReservationRequested } from '../domain/requests.ts';
import { pendingReservation, type Reservation } from '../domain/reservation.ts';
import { hangUpOf } from '../http/connection/on-hang-up.ts';
import { customerIdOf, requireCustomer } from '../http/identity/identity.ts';
import { idempotencyKeyHeader, lineField, referenceField } from '../http/message/fields.ts';
import { givenShowIdField, validShowId } from '../http/message/given-ids.ts';
import { parsePrefer } from '../http/message/prefer.ts';
import {
  representReservation,
  reservationEtag,
  reservationPath,
} from '../http/message/represent-reservation.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import { acceptedAs } from '../http/observe/observe-requests.ts';
import type { ProblemCode } from '../http/problems/problems.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import { admit } from './admit.ts';
import {
  answerSubmission,
  type CommandAnswer,
  creationUnknown,
  refusedProblem,
} from './answer-submission.ts';
import { refusalAtDoor } from './door.ts';
import type { CommandOptions } from './options.ts';
import { linesInOrder, requestKeyOf } from './request-key.ts';
import { keyedProblems } from './responses.ts';

const { location, retryAfter, etag, preferenceApplied, idempotentReplayed } = responseHeaders;

const bodySchema = Type.Object(
  {
    showId: givenShowIdField,
    lines: Type.Array(lineField, { minItems: 1, maxItems: limits.linesPerReservation }),
    reference: Type.Optional(referenceField),
  },
  {
    additionalProperties: false,
    examples: [
      {
        showId: '01941f29-7000-8003-8123-456789abcdef',
        lines: [{ poolId: 'standing', quantity: 3 }],
        reference: 'order-17',
      },
    ],
  },
);

const headersSchema = Type.Object({
  ...idempotencyKeyHeader,
  prefer: Type.Optional(Type.String({ description: 'wait=N: wait up to N ≤ 30 seconds for the decision.' })),
});

const schema = {
  operationId: 'requestReservation',
  summary: 'Ask for places',
  description:
    'All lines or none. 202 means: it is in the queue, will be decided in the order of arrival and is never lost. With Prefer: wait=N the decision itself is answered, if it is made in time.',
  tags: ['reservations'],
  security: [{ customer: [] }],
  headers: headersSchema,
  body: bodySchema,
  response: {
    201: {
      description: 'Decided while waiting: the places are yours, or held for you until "expiresAt".',
      headers: { ...location, ...etag, ...preferenceApplied, ...idempotentReplayed },
      $ref: 'Reservation#',
    },
    202: {
      description: 'In the queue; look at Location after Retry-After seconds.',
      headers: { ...location, ...retryAfter, ...preferenceApplied, ...idempotentReplayed },
      $ref: 'Reservation#',
    },
  },
};

const problems: readonly ProblemCode[] = [
  ...keyedProblems,
  'not-found',
  'sold-out',
  'customer-limit',
  'hold-limit',
  'sale-not-open',
  'sale-closed',
  'unknown-pool',
  'over-request-limit',
];

type Post = { Body: Type.Static<typeof bodySchema> };

/**
 * POST /v1/reservations: checks the door, appends to the stream, and waits for the decision if the client
 * asks for that.
 */
export const requestReservation = (app: FastifyInstance, options: CommandOptions): void => {
  const route = { schema, config: { problems }, onRequest: requireCustomer(options.identity) };
  app.post<Post>('/v1/reservations', route, async (request, reply) => {
    const draft = draftOf(request);
    const partition = partitionOf(draft.showId);
    const refusal = await refusalAtDoor(draft, options);
    const newRequest = (): ReservationRequested => {
      const reservationId = options.reservationIds.mint(partition, draft.customerId);
      return acceptedAs(reply, { ...draft, reservationId });
    };
    const preference = parsePrefer(request.headers.prefer);
    const wait = { ms: preference?.waitMs ?? 0, onHangUp: hangUpOf(reply) };
    const admission = await admit({ key: draft.key, refusal, newRequest }, wait, options);
    if (admission.type === 'refused') return sendProblem(reply, admission.problem);
    if (preference) reply.header('preference-applied', preference.applied);
    return answerSubmission(reply, admission.submission, answerOf(admission.request, reply), options);
  });
};

/** The request without its id. */
const draftOf = (request: FastifyRequest<Post>): Omit<ReservationRequested, 'reservationId'> => {
  const { lines, reference } = request.body;
  const showId = validShowId(request.body.showId);
  const customerId = customerIdOf(request);
  const key = requestKeyOf(request.headers['idempotency-key'], {
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

const answerOf = (request: ReservationRequested, reply: FastifyReply): CommandAnswer => ({
  path: reservationPath(request.reservationId),
  partition: partitionOf(request.reservationId),
  unknown: creationUnknown,
  pending: (streamId) =>
    streamId === undefined
      ? { id: request.reservationId, status: 'pending' }
      : representReservation(pendingReservation(request, streamId)),
  decided: (outcome) =>
    outcome.type === 'reservation' ? answerDecision(outcome.reservation, reply) : undefined,
});

/**
 * 201 with the reservation; or the problem for the reason of its rejection, with the reservation as
 * `instance`.
 */
const answerDecision = (reservation: Reservation, reply: FastifyReply): FastifyReply => {
  const { id, status, reason, poolId, firstId } = reservation;
  if (status !== 'rejected') {
    reply.header('location', reservationPath(id)).header('etag', reservationEtag(reservation));
    return reply.code(201).send(representReservation(reservation));
  }
  if (reason === undefined || !isRejectionReason(reason))
    throw new Error(`reservation ${id} is rejected for ${reason}, which is no reason of this version`);
  // A repeated request is pointed to the reservation that the first one made.
  const instance = reason === 'duplicate-request' && firstId !== undefined ? firstId : id;
  const refusal = { reason, ...(poolId !== undefined && { poolId }) };
  return sendProblem(reply, refusedProblem(refusal, reservationPath(instance)));
};
