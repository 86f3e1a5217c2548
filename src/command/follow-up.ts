import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { parseRequestId, partitionOf, type RequestId, type ReservationId } from '../domain/ids.ts';
import type { Line } from '../domain/lines.ts';
import type { FollowUp, FollowUpRequested } from '../domain/requests.ts';
import { idempotencyKeyHeader, idParameters } from '../http/fields.ts';
import { actorOf, callerOf, requireCaller } from '../http/identity.ts';
import {
  noSuchReservation,
  parseOwnReservationId,
  type ReservationRoute,
} from '../http/own-reservation-id.ts';
import { parsePrefer } from '../http/prefer.ts';
import type { ProblemCode } from '../http/problems.ts';
import { representReservation, reservationEtag, reservationPath } from '../http/represent-reservation.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import { actsFor } from '../http/sees-everybody.ts';
import { sendProblem } from '../http/send-problem.ts';
import { changeUnknown, refusedByLog } from './append-failure.ts';
import { refusalByBacklog } from './door.ts';
import { followUpProblems, followUpResponses } from './follow-up-answers.ts';
import { newRequestId } from './new-id.ts';
import type { CommandOptions } from './options.ts';
import { refusedProblem } from './refused-problem.ts';
import { linesInOrder, requestKeyOf } from './request-key.ts';
import { hasKey, keyRequired } from './require-key.ts';
import type { Submission } from './submit.ts';
import { askFor } from './submit-for.ts';

/** What the bodies of confirm, extend and cancel may hold, each its part; none at all is fine too. */
export interface FollowUpBody {
  readonly reference?: string;
  readonly lines?: readonly Line[];
}

/** What confirm, extend and cancel differ in. */
export interface FollowUpCommand {
  readonly verb: 'confirm' | 'extend' | 'cancel';
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body: TSchema;
  /** The 409s of the state × command table. */
  readonly conflicts: readonly ProblemCode[];
  /** Whether this, asked for twice, would be done twice: a key has to tell a repetition from another one. */
  readonly actsAgain?: (body: FollowUpBody) => boolean;
  eventOf(followUp: FollowUp, body: FollowUpBody): FollowUpRequested;
}

type Post = ReservationRoute & { Body: FollowUpBody | null | undefined };

const waitMsDefault = 5_000;

const headersSchema = Type.Object({
  ...idempotencyKeyHeader,
  prefer: Type.Optional(Type.String({ description: 'wait=N: wait up to N ≤ 30 seconds; 5 without it.' })),
});

/** POST /v1/reservations/{id}/<verb>: key and queue, append; and the decision, which is waited for. */
export const followUp = (app: FastifyInstance, command: FollowUpCommand, options: CommandOptions): void => {
  const onRequest = requireCaller(options.identity);
  const config = { problems: followUpProblems(command.conflicts) };
  const route = { schema: schemaOf(command), config, onRequest };
  app.post<Post>(`/v1/reservations/:id/${command.verb}`, route, async (request, reply) => {
    const id = parseOwnReservationId(request.params.id, callerOf(request), options);
    if (!id) return sendProblem(reply, noSuchReservation);
    if (!hasKey(request) && command.actsAgain?.(request.body ?? {})) return sendProblem(reply, keyRequired);
    const asked = newRequest(id, request, { command, options });
    const refusal = refusalByBacklog(options.backlogs.of(partitionOf(id)), options.backlogLimits);
    const asking = {
      newId: () => asked.requestId,
      parseId: parseRequestId,
      named: (requestId: RequestId): FollowUpRequested => ({ ...asked, requestId }),
      key: asked.key,
      refusal,
    };
    const preference = parsePrefer(request.headers.prefer);
    const admitted = await askFor(reply, asking, { waitMs: preference?.waitMs ?? waitMsDefault, options });
    if (admitted.type === 'turned-away') return sendProblem(reply, admitted.problem);
    if (preference) reply.header('preference-applied', preference.applied);
    return answer(admitted.event, admitted.submission, { reply, options });
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

interface Asking {
  readonly command: FollowUpCommand;
  readonly options: CommandOptions;
}

const newRequest = (
  reservationId: ReservationId,
  request: FastifyRequest<Post>,
  { command, options }: Asking,
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
  const requested = {
    requestId: newRequestId(partitionOf(reservationId), options),
    reservationId,
    actor,
    ...(customerId !== undefined && { customerId }),
    ...(key && { key }),
  };
  return command.eventOf(requested, request.body ?? {});
};

interface Answering {
  readonly reply: FastifyReply;
  readonly options: CommandOptions;
}

const answer = async (
  { type, reservationId }: FollowUpRequested,
  submission: Submission,
  { reply, options }: Answering,
): Promise<FastifyReply> => {
  const path = reservationPath(reservationId);
  if (submission.type === 'refused') return sendProblem(reply, refusedByLog);
  if (submission.type === 'unknown') return sendProblem(reply, changeUnknown(path));
  const outcome = submission.type === 'decided' ? submission.outcome : undefined;
  if (outcome?.type === 'answer' && outcome.refusal)
    return sendProblem(reply, refusedProblem(outcome.refusal, path));
  if (outcome?.type === 'answer' && outcome.reservation) {
    reply.header('etag', reservationEtag(outcome.reservation));
    return reply.send(representReservation(outcome.reservation));
  }
  const backlog = options.backlogs.of(partitionOf(reservationId));
  reply.header('location', path).header('retry-after', retryAfterSeconds(backlog));
  return reply.code(202).send({ id: reservationId, requested: type });
};
