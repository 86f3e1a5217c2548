import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { parseReservationId, partitionOf, type ReservationId } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import type { ReservationRequested } from '../domain/requests.ts';
import { pendingReservation } from '../domain/reservation.ts';
import { idempotencyKeyHeader, lineField, referenceField } from '../http/fields.ts';
import { givenShowIdField, judgedShowId } from '../http/given-ids.ts';
import { customerIdOf, requireCustomer } from '../http/identity.ts';
import { parsePrefer } from '../http/prefer.ts';
import type { ProblemCode } from '../http/problems.ts';
import { representReservation, reservationPath } from '../http/represent-reservation.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import { sendProblem } from '../http/send-problem.ts';
import { answerDecided } from './answer-decided.ts';
import { outcomeUnknown, refusedByLog } from './append-failure.ts';
import { keyedProblems } from './command-problems.ts';
import { refusalAtDoor } from './door.ts';
import type { CommandOptions } from './options.ts';
import { linesInOrder, requestKeyOf } from './request-key.ts';
import type { Submission } from './submit.ts';
import { askFor } from './submit-for.ts';

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

/** POST /v1/reservations: key and door, append; and the decision, for those who wait. */
export const requestReservation = (app: FastifyInstance, options: CommandOptions): void => {
  const onRequest = requireCustomer(options.identity);
  app.post<Post>('/v1/reservations', { schema, config: { problems }, onRequest }, async (request, reply) => {
    const asked = newRequest(request);
    const refusal = await refusalAtDoor(asked, options);
    const asking = {
      newId: () => options.reservationIds.mint(partitionOf(asked.showId), asked.customerId),
      parseId: parseReservationId,
      named: (reservationId: ReservationId): ReservationRequested => ({ ...asked, reservationId }),
      key: asked.key,
      refusal,
    };
    const preference = parsePrefer(request.headers.prefer);
    const admitted = await askFor(reply, asking, { waitMs: preference?.waitMs ?? 0, options });
    if (admitted.type === 'turned-away') return sendProblem(reply, admitted.problem);
    if (preference) reply.header('preference-applied', preference.applied);
    return answer(admitted.event, admitted.submission, { reply, options });
  });
};

interface Answering {
  readonly reply: FastifyReply;
  readonly options: CommandOptions;
}

const answer = async (
  event: ReservationRequested,
  submission: Submission,
  { reply, options }: Answering,
): Promise<FastifyReply> => {
  const path = reservationPath(event.reservationId);
  if (submission.type === 'refused') return sendProblem(reply, refusedByLog);
  if (submission.type === 'unknown') return sendProblem(reply, outcomeUnknown(path));
  if (submission.type === 'decided' && submission.outcome.type === 'reservation')
    return answerDecided(reply, submission.outcome.reservation);
  if (submission.type === 'decided') throw new Error(`${path} was answered as something else`);
  const backlog = options.backlogs.of(partitionOf(event.showId));
  reply.header('location', path).header('retry-after', retryAfterSeconds(backlog));
  return reply.code(202).send(representReservation(pendingReservation(event, submission.streamId)));
};

/** As yet without an id. */
const newRequest = (request: FastifyRequest<Post>): Omit<ReservationRequested, 'reservationId'> => {
  const { lines, reference } = request.body;
  const showId = judgedShowId(request.body.showId);
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
