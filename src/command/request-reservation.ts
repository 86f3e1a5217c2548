import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { partitionOf } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import { sumLines } from '../domain/lines.ts';
import type { ReservationRequested } from '../domain/requests.ts';
import type { Reservation } from '../domain/reservation.ts';
import { msOf, type StreamId } from '../domain/stream-id.ts';
import { lineField, referenceField, showIdField } from '../http/fields.ts';
import { customerIdOf, requireCustomer } from '../http/identity.ts';
import { parsePrefer, type WaitPreference } from '../http/prefer.ts';
import type { ProblemCode } from '../http/problems.ts';
import { representReservation, reservationPath } from '../http/represent-reservation.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import { sendProblem } from '../http/send-problem.ts';
import type { OutcomeWait } from '../log/contract.ts';
import { answerDecided } from './answer-decided.ts';
import { outcomeUnknown, refusedByLog } from './append-failure.ts';
import { askDoor } from './door.ts';
import type { CommandOptions } from './options.ts';

const { location, retryAfter, etag, preferenceApplied } = responseHeaders;

const bodySchema = Type.Object(
  {
    showId: showIdField,
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
      description: 'Decided while waiting: the places are yours.',
      headers: { ...location, ...etag, ...preferenceApplied },
      $ref: 'Reservation#',
    },
    202: {
      description: 'In the queue; look at Location after Retry-After seconds.',
      headers: { ...location, ...retryAfter, ...preferenceApplied },
      $ref: 'Reservation#',
    },
  },
};

const problems: readonly ProblemCode[] = [
  'malformed-json',
  'invalid-request',
  'unauthenticated',
  'not-found',
  'request-timeout',
  'sold-out',
  'sale-not-open',
  'sale-closed',
  'payload-too-large',
  'unsupported-media-type',
  'unknown-pool',
  'over-request-limit',
  'headers-too-large',
  'internal-error',
  'overloaded',
  'outcome-unknown',
  'stopping',
];

type Post = { Body: Type.Static<typeof bodySchema> };

/** POST /v1/reservations: door, id, append; and the decision, for those who wait. */
export const requestReservation = (app: FastifyInstance, options: CommandOptions): void => {
  const onRequest = requireCustomer(options.identity);
  app.post<Post>('/v1/reservations', { schema, config: { problems }, onRequest }, async (request, reply) => {
    const door = await askDoor(request.body, options);
    if (door.type === 'refused') {
      options.onRefused(door.problem.code);
      return sendProblem(reply, door.problem);
    }
    const event = newRequest(request, options);
    const preference = parsePrefer(request.headers.prefer);
    const wait = preference && startWaiting(event, preference, { reply, options });
    const verdict = await options.appender.append(partitionOf(event.showId), event);
    if (verdict.type === 'refused') {
      wait?.cancel();
      return sendProblem(reply, refusedByLog);
    }
    if (preference) reply.header('preference-applied', preference.applied);
    // Whoever waits may hear of a decision although the reply to the append was lost.
    const outcome = await wait?.outcome;
    if (outcome?.type === 'reservation' && outcome.reservation.status !== 'pending')
      return answerDecided(reply, outcome.reservation);
    if (verdict.type === 'unknown')
      return sendProblem(reply, outcomeUnknown(reservationPath(event.reservationId)));
    reply.header('location', reservationPath(event.reservationId));
    reply.header('retry-after', retryAfterSeconds(door.backlog));
    return reply.code(202).send(representReservation(pending(event, verdict.streamId)));
  });
};

const newRequest = (
  request: FastifyRequest<Post>,
  { reservationIds }: CommandOptions,
): ReservationRequested => {
  const { showId, lines, reference } = request.body;
  const customerId = customerIdOf(request);
  return {
    type: 'ReservationRequested',
    reservationId: reservationIds.mint(partitionOf(showId), customerId),
    showId,
    customerId,
    lines,
    ...(reference !== undefined && { reference }),
  };
};

interface Waiting {
  readonly reply: FastifyReply;
  readonly options: CommandOptions;
}

/** Before the append, or the outcome may pass unseen. A client that hangs up waits no longer. */
const startWaiting = (
  { reservationId }: ReservationRequested,
  { waitMs }: WaitPreference,
  { reply, options }: Waiting,
): OutcomeWait | undefined => {
  if (waitMs === 0) return undefined;
  const wait = options.outcomes.wait(reservationId, { timeoutMs: waitMs, signal: options.stopping });
  reply.raw.once('close', () => wait.cancel());
  return wait;
};

const pending = (event: ReservationRequested, streamId: StreamId): Reservation => {
  const { reservationId, showId, customerId, lines, reference } = event;
  return {
    id: reservationId,
    showId,
    customerId,
    status: 'pending',
    lines: sumLines(lines),
    ...(reference !== undefined && { reference }),
    requestedAtMs: msOf(streamId),
  };
};
