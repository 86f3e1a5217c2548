import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { partitionOf, type ReservationId } from '../domain/ids.ts';
import type { Line } from '../domain/lines.ts';
import type { FollowUp, FollowUpRequested } from '../domain/requests.ts';
import type { Reservation } from '../domain/reservation.ts';
import { hangUpOf } from '../http/connection/on-hang-up.ts';
import { actorOf, callerOf, requireCaller } from '../http/identity/identity.ts';
import {
  noSuchReservation,
  parseOwnReservationId,
  type ReservationRoute,
} from '../http/identity/own-reservation-id.ts';
import { actsFor } from '../http/identity/sees-everybody.ts';
import { idempotencyKeyHeader, idParameters } from '../http/message/fields.ts';
import { parsePrefer } from '../http/message/prefer.ts';
import {
  representReservation,
  reservationEtag,
  reservationPath,
} from '../http/message/represent-reservation.ts';
import { acceptedAs } from '../http/observe/observe-requests.ts';
import type { ProblemCode } from '../http/problems/problems.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import { admit } from './admit.ts';
import {
  answerSubmission,
  type CommandAnswer,
  changeUnknown,
  type Granted,
  refusedFor,
} from './answer-submission.ts';
import { refusalByBacklog } from './door.ts';
import { newRequestId } from './new-id.ts';
import type { CommandOptions } from './options.ts';
import { hasKey, keyRequired, linesInOrder, requestKeyOf } from './request-key.ts';
import { followUpProblems, followUpResponses } from './responses.ts';

/** All members that the bodies of confirm, extend and cancel may have; a request may have no body at all. */
export interface FollowUpBody {
  readonly reference?: string;
  readonly lines?: readonly Line[];
}

/** The differences between confirm, extend and cancel. */
export interface FollowUpCommand {
  readonly verb: 'confirm' | 'extend' | 'cancel';
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body: TSchema;
  /** The 409 problems in the table of states and commands. */
  readonly conflicts: readonly ProblemCode[];
  /**
   * Whether a repeated request would act again, so that only a key can tell a repetition from a new request.
   */
  readonly needsKey?: (body: FollowUpBody) => boolean;
  requestOf(followUp: FollowUp, body: FollowUpBody): FollowUpRequested;
}

type Post = ReservationRoute & { Body: FollowUpBody | null | undefined };

const waitMsDefault = 5_000;

const headersSchema = Type.Object({
  ...idempotencyKeyHeader,
  prefer: Type.Optional(Type.String({ description: 'wait=N: wait up to N ≤ 30 seconds; 5 without it.' })),
});

/** POST /v1/reservations/{id}/<verb>: checks the queue, appends to the stream, and waits for the decision. */
export const followUp = (app: FastifyInstance, command: FollowUpCommand, options: CommandOptions): void => {
  const onRequest = requireCaller(options.identity);
  const config = { problems: followUpProblems(command.conflicts) };
  const route = { schema: schemaOf(command), config, onRequest };
  app.post<Post>(`/v1/reservations/:id/${command.verb}`, route, async (request, reply) => {
    const id = parseOwnReservationId(request.params.id, callerOf(request), options);
    if (!id) return sendProblem(reply, noSuchReservation);
    if (!hasKey(request) && command.needsKey?.(request.body ?? {})) return sendProblem(reply, keyRequired);
    const requested = newRequest(id, request, { command, options });
    const refusal = refusalByBacklog(options.backlogs.of(partitionOf(id)), options.backlogLimits);
    const candidate = { key: requested.key, refusal, newRequest: () => acceptedAs(reply, requested) };
    const preference = parsePrefer(request.headers.prefer);
    const wait = { ms: preference?.waitMs ?? waitMsDefault, onHangUp: hangUpOf(reply) };
    const admission = await admit(candidate, wait, options);
    if (admission.type === 'refused') return sendProblem(reply, admission.problem);
    if (preference) reply.header('preference-applied', preference.applied);
    return answerSubmission(reply, admission.submission, answerOf(requested), options);
  });
};

const schemaOf = ({ operationId, summary, description, body }: FollowUpCommand) => ({
  operationId,
  summary,
  description,
  tags: ['reservations'],
  security: [{ customer: [] }, { service: [] }, { admin: [] }],
  params: idParameters,
  headers: headersSchema,
  body,
  response: followUpResponses,
});

interface NewRequestOptions {
  readonly command: FollowUpCommand;
  readonly options: CommandOptions;
}

const newRequest = (
  reservationId: ReservationId,
  request: FastifyRequest<Post>,
  { command, options }: NewRequestOptions,
): FollowUpRequested => {
  const caller = callerOf(request);
  const actor = actorOf(caller);
  const customerId = actsFor(caller);
  const { reference, lines } = request.body ?? {};
  const key = requestKeyOf(request.headers['idempotency-key'], {
    scope: customerId === undefined ? [actor] : ['customer', customerId],
    command: () => [
      command.verb,
      reservationId,
      actor,
      reference ?? null,
      lines ? linesInOrder(lines) : null,
    ],
  });
  const common = {
    requestId: newRequestId(partitionOf(reservationId), options),
    reservationId,
    actor,
    ...(customerId !== undefined && { customerId }),
    ...(key && { key }),
  };
  return command.requestOf(common, request.body ?? {});
};

const answerOf = ({ type, reservationId }: FollowUpRequested): CommandAnswer => {
  const path = reservationPath(reservationId);
  return {
    path,
    partition: partitionOf(reservationId),
    unknown: changeUnknown,
    pending: () => ({ id: reservationId, requested: type }),
    decided: (outcome) => {
      if (outcome.type !== 'answer') return undefined;
      const { refusal, reservation } = outcome;
      if (refusal) return refusedFor(refusal, path);
      return reservation && asItIs(reservation);
    },
  };
};

const asItIs = (reservation: Reservation): Granted => ({
  type: 'granted',
  status: 200,
  body: representReservation(reservation),
  etag: reservationEtag(reservation),
});
