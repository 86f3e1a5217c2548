import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { limits } from '../domain/limits.ts';
import { sharedHangUpOf } from '../http/connection/on-hang-up.ts';
import { callerOf, requireServiceOrAdmin } from '../http/identity/identity.ts';
import { actsFor } from '../http/identity/sees-everybody.ts';
import { compileValidator } from '../http/message/compile-validator.ts';
import { parsePrefer } from '../http/message/prefer.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import { acceptedAs, traceIdOf } from '../http/observe/observe-requests.ts';
import { invalidRequest } from '../http/problems/problem.ts';
import { type ProblemCode, problems } from '../http/problems/problems.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import { placesProblems } from './admit-reservation.ts';
import { answerOneOfMany, oneOfManySchema, type SharedCall } from './answer-one-of-many.ts';
import type { CommandOptions } from './options.ts';
import { hasKey } from './request-key.ts';
import { commandProblems } from './responses.ts';

const listOf = (request: TSchema) =>
  Type.Object(
    { requests: Type.Array(request, { minItems: 1, maxItems: limits.requestsPerCall }) },
    { additionalProperties: false },
  );

/** Why one request of the call may be refused. */
const problemsOfOne: readonly ProblemCode[] = [
  'invalid-request',
  'key-required',
  'forbidden',
  'duplicate-request',
  'idempotency-key-reused',
  'too-many-requests',
  'internal-error',
  'overloaded',
  'outcome-unknown',
  ...placesProblems,
];

const problemStatuses = [...new Set(problemsOfOne.map((code) => problems[code].status))].toSorted();

const sharedResultFields = {
  replayed: Type.Optional(
    Type.Unsafe<true>({
      type: 'boolean',
      enum: [true],
      description: 'Its key was seen before: what was decided then, with the reservation as it is now.',
    }),
  ),
  retryAfterSeconds: Type.Optional(
    Type.Integer({ minimum: 0, description: 'When another look, or another try, is worth it.' }),
  ),
};

const resultSchema = Type.Union([
  Type.Object({
    status: Type.Unsafe<201 | 202>({ type: 'integer', enum: [201, 202] }),
    reservation: Type.Ref('Reservation#'),
    ...sharedResultFields,
  }),
  Type.Object({
    status: Type.Unsafe<number>({ type: 'integer', enum: problemStatuses }),
    problem: Type.Ref('Problem#'),
    ...sharedResultFields,
  }),
]);

const schema = {
  operationId: 'requestReservations',
  summary: 'Ask for places for many',
  description:
    'Up to a hundred requests for places in one call, for box offices, imports, and gateways that collect. Each is a request of its own, with its own key, and is answered in its place as if it had come alone; a mistake in one concerns no other. With Prefer: wait=N the call is answered when all are decided.',
  tags: ['reservations'],
  security: [{ service: [] }, { admin: [] }],
  headers: Type.Object({
    prefer: Type.Optional(
      Type.String({ description: 'wait=N: wait up to N ≤ 30 seconds for all decisions.' }),
    ),
  }),
  body: {
    ...listOf(oneOfManySchema),
    examples: [
      {
        requests: [
          {
            customerId: 'alice',
            showId: '01941f29-7000-8003-8123-456789abcdef',
            lines: [{ poolId: 'standing', quantity: 3 }],
            reference: 'order-17',
            key: 'order-17',
          },
        ],
      },
    ],
  },
  response: {
    200: {
      ...Type.Object({ results: Type.Array(resultSchema) }),
      description: 'What each request would have been answered alone, in their order.',
      headers: responseHeaders.preferenceApplied,
    },
  },
};

const bodyBytesMax = 64 * 1024;

/** OpenAPI shows what a request must be; here each is checked apart from the others. */
const validatorCompiler: FastifySchemaCompiler<TSchema> = (route) =>
  compileValidator(route.httpPart === 'body' ? { ...route, schema: listOf(Type.Unknown()) } : route);

type Post = { Body: { readonly requests: readonly unknown[] } };

/**
 * POST /v1/reservations/batch: up to a hundred requests for places, each with the promises of one that comes
 * alone. They are begun in one turn of the event loop, so their appends share a write, and an fsync.
 */
export const requestReservations = (app: FastifyInstance, options: CommandOptions): void => {
  const config = { problems: commandProblems, isOfMany: true };
  const onRequest = requireServiceOrAdmin(options.identity);
  const route = { schema, config, onRequest, bodyLimit: bodyBytesMax, validatorCompiler };
  app.post<Post>('/v1/reservations/batch', route, async (request, reply) => {
    if (hasKey(request)) return sendProblem(reply, keyOfTheCall);
    const preference = parsePrefer(request.headers.prefer);
    const call = sharedCallOf(reply, preference?.waitMs ?? 0);
    const results = await Promise.all(
      request.body.requests.map((part, index) => answerOneOfMany({ part, index }, call, options)),
    );
    if (preference) reply.header('preference-applied', preference.applied);
    options.onManyAnswered({
      bodyBytes: bodyBytesOf(request),
      statuses: results.map(({ status }) => status),
    });
    // Not by the serializer of the schema: it would try each kind of result on each of them.
    return reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send({ results });
  });
};

const sharedCallOf = (reply: FastifyReply, waitMs: number): SharedCall => ({
  wait: { ms: waitMs, onHangUp: sharedHangUpOf(reply) },
  actingFor: actsFor(callerOf(reply.request)),
  accepted: (request) => acceptedAs(reply, request),
  countOne: (index, customerId) => reply.server.countOne(reply, index, customerId),
  explainError: (error) => reply.server.explainError(error, reply),
  traceIdOf: (status) => traceIdOf(reply, status),
});

const keyOfTheCall = invalidRequest([
  { pointer: 'Idempotency-Key', detail: 'is not for a call of many: give each request a "key" of its own' },
]);

const bodyBytesOf = ({ headers }: FastifyRequest): number | undefined =>
  headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
