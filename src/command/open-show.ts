import type { FastifyInstance, FastifyReply } from 'fastify';
import Type from 'typebox';
import { partitionOf } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import type { ShowOpeningRequested, ShowRules } from '../domain/requests.ts';
import { nameField, poolIdField, showIdField, timeField } from '../http/fields.ts';
import { requireAdmin } from '../http/identity.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import { type FieldError, invalidRequest } from '../http/problem.ts';
import type { ProblemCode } from '../http/problems.ts';
import {
  capacityField,
  maxPerRequestField,
  representShow,
  showEtag,
  showPath,
} from '../http/represent-show.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { retryAfterSeconds } from '../http/retry-after.ts';
import { sendProblem } from '../http/send-problem.ts';
import type { Backlog } from '../log/contract.ts';
import { outcomeUnknown, refusedByLog } from './append-failure.ts';
import { refusalByBacklog } from './door.ts';
import { newShowId } from './new-show-id.ts';
import type { CommandOptions } from './options.ts';

const waitMsMax = 10_000;

const { location, retryAfter, etag } = responseHeaders;

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
    maxPerRequest: Type.Optional(maxPerRequestField),
    opensAt: Type.Optional(timeField),
    closesAt: Type.Optional(timeField),
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
  body: bodySchema,
  response: {
    201: { description: 'The show is open.', headers: { ...location, ...etag }, $ref: 'Show#' },
    202: Type.Object(
      { id: showIdField, status: Type.Unsafe<'pending'>({ type: 'string', enum: ['pending'] }) },
      {
        description: 'Not opened yet; look at Location after Retry-After seconds.',
        headers: { ...location, ...retryAfter },
        examples: [{ id: '01941f29-7000-8003-8123-456789abcdef', status: 'pending' }],
      },
    ),
  },
};

const problems: readonly ProblemCode[] = [
  'malformed-json',
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'request-timeout',
  'payload-too-large',
  'unsupported-media-type',
  'headers-too-large',
  'internal-error',
  'overloaded',
  'outcome-unknown',
  'stopping',
];

/** POST /v1/shows: checks, partition, append; and the decision, which is waited for. */
export const openShow = (app: FastifyInstance, options: CommandOptions): void => {
  const route = { schema, config: { problems }, onRequest: requireAdmin(options.identity) };
  app.post<{ Body: Body }>('/v1/shows', route, async (request, reply) => {
    const errors = mistakes(request.body, options.partitions);
    if (errors.length > 0) return sendProblem(reply, invalidRequest(errors));
    const partition = request.body.partition ?? (await choosePartition(options));
    const backlog = await options.backlogs.of(partition);
    const refusal = refusalByBacklog(backlog, options.backlogLimits);
    if (refusal) {
      options.onRefused(refusal.code);
      return sendProblem(reply, refusal);
    }
    return appendAndAnswer(newRequest(request.body, partition, options), reply, { backlog, options });
  });
};

const choosePartition = (options: CommandOptions): Promise<number> =>
  orUnavailable('the choice of a partition', options.choosePartition());

interface Opening {
  readonly backlog: Backlog;
  readonly options: CommandOptions;
}

const appendAndAnswer = async (
  event: ShowOpeningRequested,
  reply: FastifyReply,
  { backlog, options }: Opening,
): Promise<FastifyReply> => {
  // Before the append, or the outcome may pass unseen.
  const wait = options.outcomes.wait(event.showId, { timeoutMs: waitMsMax, signal: options.stopping });
  reply.raw.once('close', () => wait.cancel());
  const verdict = await options.appender.append(partitionOf(event.showId), event);
  if (verdict.type === 'refused') {
    wait.cancel();
    return sendProblem(reply, refusedByLog);
  }
  const path = showPath(event.showId);
  const outcome = await wait.outcome;
  if (outcome?.type === 'show') {
    reply.header('location', path).header('etag', showEtag(outcome.show));
    return reply.code(201).send(representShow(outcome.show));
  }
  if (verdict.type === 'unknown') return sendProblem(reply, outcomeUnknown(path));
  reply.header('location', path).header('retry-after', retryAfterSeconds(backlog));
  return reply.code(202).send({ id: event.showId, status: 'pending' });
};

/** What no schema can say. */
const mistakes = (
  { pools, opensAt, closesAt, partition }: Body,
  partitions: number,
): readonly FieldError[] => {
  const twice = pools.findIndex(({ id }, at) => pools.findIndex((pool) => pool.id === id) < at);
  const impossible = [
    { pointer: '#/opensAt', at: opensAt },
    { pointer: '#/closesAt', at: closesAt },
  ].filter(({ at }) => at !== undefined && Number.isNaN(Date.parse(at)));
  const backwards =
    opensAt !== undefined && closesAt !== undefined && Date.parse(closesAt) <= Date.parse(opensAt);
  return [
    ...(twice >= 0 ? [{ pointer: `#/pools/${twice}/id`, detail: 'must differ from the ids before it' }] : []),
    ...impossible.map(({ pointer }) => ({ pointer, detail: 'must be a time that exists' })),
    ...(backwards ? [{ pointer: '#/closesAt', detail: 'must be after opensAt' }] : []),
    ...(partition !== undefined && partition >= partitions
      ? [{ pointer: '#/partition', detail: `must be below ${partitions}` }]
      : []),
  ];
};

const newRequest = (
  { name, pools, maxPerRequest, opensAt, closesAt }: Body,
  partition: number,
  { clock, random }: CommandOptions,
): ShowOpeningRequested => {
  const rules: ShowRules = {
    ...(maxPerRequest !== undefined && { maxPerRequest }),
    ...(opensAt !== undefined && { opensAtMs: Date.parse(opensAt) }),
    ...(closesAt !== undefined && { closesAtMs: Date.parse(closesAt) }),
  };
  const showId = newShowId({ timeMs: clock.nowMs(), partition }, random);
  return { type: 'ShowOpeningRequested', showId, name, pools, rules };
};
