import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { partitionOf } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import type { ShowOpeningRequested } from '../domain/requests.ts';
import { hangUpOf } from '../http/connection/on-hang-up.ts';
import { requireAdmin } from '../http/identity/identity.ts';
import { idempotencyKeyHeader, nameField, poolIdField } from '../http/message/fields.ts';
import { capacityField, showPath } from '../http/message/represent-show.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import { acceptedAs } from '../http/observe/observe-requests.ts';
import { orUnavailable } from '../http/problems/or-unavailable.ts';
import { type FieldError, invalidRequest } from '../http/problems/problem.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import { admit } from './admit.ts';
import { answerSubmission, type CommandAnswer, creationUnknown, refusedFor } from './answer-submission.ts';
import { refusalByBacklog } from './door.ts';
import { newShowId } from './new-id.ts';
import type { CommandOptions } from './options.ts';
import { requestKeyOf } from './request-key.ts';
import { keyedProblems, pendingShowSchema, showAsItIs, showWaitMsMax } from './responses.ts';
import { ruleFields, rulesOf, showMistakes } from './show-rules.ts';

const { location, etag, idempotentReplayed } = responseHeaders;

const bodySchema = Type.Object(
  {
    name: nameField,
    pools: Type.Array(
      Type.Object(
        { id: poolIdField, name: nameField, capacity: capacityField },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: limits.poolsPerShow },
    ),
    ...ruleFields,
    partition: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: limits.partitions - 1,
        description: 'Chosen for you unless given.',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        name: 'Opening night',
        pools: [{ id: 'standing', name: 'Standing', capacity: 500 }],
        maxPerRequest: 6,
        holdSeconds: 600,
        opensAt: '2025-01-01T00:00:00.000Z',
      },
    ],
  },
);

type Body = Type.Static<typeof bodySchema>;

const schema = {
  operationId: 'openShow',
  summary: 'Open a show',
  description: 'Decided in the stream like everything else; waits up to 10 seconds for that.',
  tags: ['shows'],
  security: [{ admin: [] }],
  headers: Type.Object(idempotencyKeyHeader),
  body: bodySchema,
  response: {
    201: {
      description: 'The show is open.',
      headers: { ...location, ...etag, ...idempotentReplayed },
      $ref: 'Show#',
    },
    202: pendingShowSchema,
  },
};

type Post = { Body: Body };

/**
 * POST /v1/shows: chooses a partition, checks the queue, appends to the stream, and waits for the decision.
 */
export const openShow = (app: FastifyInstance, options: CommandOptions): void => {
  const route = { schema, config: { problems: keyedProblems }, onRequest: requireAdmin(options.identity) };
  app.post<Post>('/v1/shows', route, async (request, reply) => {
    const errors = [...showMistakes(request.body), ...partitionMistakes(request.body, options)];
    if (errors.length > 0) return sendProblem(reply, invalidRequest(errors));
    const partition = request.body.partition ?? (await choosePartition(options));
    const requested = newRequest(request, partition, options);
    const refusal = refusalByBacklog(options.backlogs.of(partition), options.backlogLimits);
    const candidate = { key: requested.key, refusal, newRequest: () => acceptedAs(reply, requested) };
    const wait = { ms: showWaitMsMax, onHangUp: hangUpOf(reply) };
    const admission = await admit(candidate, wait, options);
    if (admission.type === 'refused') return sendProblem(reply, admission.problem);
    return answerSubmission(reply, admission.submission, answerOf(admission.request), options);
  });
};

const choosePartition = (options: CommandOptions): Promise<number> =>
  orUnavailable('the choice of a partition', options.choosePartition());

const answerOf = ({ showId }: ShowOpeningRequested): CommandAnswer => ({
  path: showPath(showId),
  partition: partitionOf(showId),
  unknown: creationUnknown,
  pending: () => ({ id: showId, status: 'pending' }),
  decided: (outcome) => {
    if (outcome.type === 'show')
      return { ...showAsItIs(outcome.show), status: 201, location: showPath(outcome.show.showId) };
    const refusal = outcome.type === 'answer' ? outcome.refusal : undefined;
    // A repeated request is pointed to the show that the first one opened.
    return refusal && refusedFor(refusal, showPath(refusal.firstId ?? showId));
  },
});

const partitionMistakes = ({ partition }: Body, { partitions }: CommandOptions): readonly FieldError[] =>
  partition !== undefined && partition >= partitions
    ? [{ pointer: '#/partition', detail: `must be below ${partitions}` }]
    : [];

const newRequest = (
  { body, headers }: FastifyRequest<Post>,
  partition: number,
  options: CommandOptions,
): ShowOpeningRequested => {
  const { name, pools } = body;
  const rules = rulesOf(body);
  const key = requestKeyOf(headers['idempotency-key'], {
    scope: ['admin'],
    command: () => ['ShowOpeningRequested', name, pools.map(inOrder), rules, body.partition ?? null],
  });
  const showId = newShowId(partition, options);
  return { type: 'ShowOpeningRequested', showId, name, pools, rules, ...(key && { key }) };
};

const inOrder = ({ id, name, capacity }: Body['pools'][number]) => [id, name, capacity];
