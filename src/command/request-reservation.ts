import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { ReservationRequested } from '../domain/requests.ts';
import { hangUpOf } from '../http/connection/on-hang-up.ts';
import { customerIdOf, requireCustomer } from '../http/identity/identity.ts';
import { idempotencyKeyHeader } from '../http/message/fields.ts';
import { parsePrefer } from '../http/message/prefer.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import { acceptedAs } from '../http/observe/observe-requests.ts';
import type { ProblemCode } from '../http/problems/problems.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import {
  admitReservation,
  draftOf,
  placesFields,
  placesProblems,
  reservationAnswer,
} from './admit-reservation.ts';
import { answerSubmission } from './answer-submission.ts';
import type { CommandOptions } from './options.ts';
import { keyedProblems } from './responses.ts';

const { location, retryAfter, etag, preferenceApplied, idempotentReplayed } = responseHeaders;

const bodySchema = Type.Object(placesFields, {
  additionalProperties: false,
  examples: [
    {
      showId: '01941f29-7000-8003-8123-456789abcdef',
      lines: [{ poolId: 'standing', quantity: 3 }],
      reference: 'order-17',
    },
  ],
});

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

const problems: readonly ProblemCode[] = [...keyedProblems, ...placesProblems];

type Post = { Body: Type.Static<typeof bodySchema> };

/**
 * POST /v1/reservations: checks the door, appends to the stream, and waits for the decision if the client
 * asks for that.
 */
export const requestReservation = (app: FastifyInstance, options: CommandOptions): void => {
  const route = { schema, config: { problems }, onRequest: requireCustomer(options.identity) };
  app.post<Post>('/v1/reservations', route, async (request, reply) => {
    const { body, headers } = request;
    const draft = draftOf(body, { customerId: customerIdOf(request), key: headers['idempotency-key'] });
    const preference = parsePrefer(headers.prefer);
    const wait = { ms: preference?.waitMs ?? 0, onHangUp: hangUpOf(reply) };
    const accepted = (event: ReservationRequested) => acceptedAs(reply, event);
    const admission = await admitReservation(draft, { accepted, wait }, options);
    if (admission.type === 'refused') return sendProblem(reply, admission.problem);
    if (preference) reply.header('preference-applied', preference.applied);
    return answerSubmission(reply, admission.submission, reservationAnswer(admission.request), options);
  });
};
