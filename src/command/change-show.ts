import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { partitionOf, type ShowId } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import type { ShowChangeRequested } from '../domain/requests.ts';
import { hangUpOf } from '../http/connection/on-hang-up.ts';
import { requireAdmin } from '../http/identity/identity.ts';
import { idParameters, nameField, poolIdField } from '../http/message/fields.ts';
import { parseGivenShowId } from '../http/message/given-ids.ts';
import { capacityField, showPath } from '../http/message/represent-show.ts';
import { responseHeaders } from '../http/message/response-headers.ts';
import { acceptedAs } from '../http/observe/observe-requests.ts';
import { redisOrUnavailable } from '../http/problems/or-unavailable.ts';
import { invalidRequest } from '../http/problems/problem.ts';
import type { ProblemCode } from '../http/problems/problems.ts';
import { sendProblem } from '../http/problems/send-problem.ts';
import type { ClosingNotice } from '../log/contract.ts';
import { answerSubmission, type CommandAnswer, changeUnknown, refusedFor } from './answer-submission.ts';
import { noSuchShow } from './door.ts';
import { newRequestId } from './new-id.ts';
import type { CommandOptions } from './options.ts';
import { readIfMatch } from './read-if-match.ts';
import { commandProblems, pendingShowSchema, showAsItIs, showWaitMsMax } from './responses.ts';
import { ruleChangeFields, ruleChangesOf, showMistakes } from './show-rules.ts';
import { type Submission, submit } from './submit.ts';

const poolChange = Type.Object(
  { id: poolIdField, name: Type.Optional(nameField), capacity: Type.Optional(capacityField) },
  { additionalProperties: false },
);

const bodySchema = Type.Object(
  {
    name: Type.Optional(nameField),
    pools: Type.Optional(
      Type.Array(poolChange, {
        minItems: 1,
        maxItems: limits.poolsPerShow,
        description: 'By id: the others stay as they are, and a new id, which needs a capacity, adds a pool.',
      }),
    ),
    ...ruleChangeFields,
    force: Type.Optional(
      Type.Boolean({
        description: 'A capacity below what is held and confirmed becomes a target that it follows down to.',
      }),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    examples: [{ pools: [{ id: 'standing', capacity: 600 }], closesAt: null }],
  },
);

const schema = {
  operationId: 'changeShow',
  summary: 'Change a show',
  description:
    'Decided in the stream, in order with the reservations; waits up to 10 seconds for that. Of If-Match only the revision counts, so a busy sale is not in the way.',
  tags: ['shows'],
  security: [{ admin: [] }],
  params: idParameters,
  headers: Type.Object({
    'if-match': Type.Optional(
      Type.String({
        description: `The ETag the show was read with; a list of such, of ${limits.revisionsPerChange} revisions at most, where any of them will do; or \`*\` to change it whatever it has become. A weak one (\`W/"…"\`) counts like another. Required.`,
        examples: ['"1.1769889600012"'],
      }),
    ),
  }),
  body: bodySchema,
  response: {
    200: { description: 'The show as it is now.', headers: responseHeaders.etag, $ref: 'Show#' },
    202: pendingShowSchema,
  },
};

const problems: readonly ProblemCode[] = [
  ...commandProblems,
  'not-found',
  'capacity-below-committed',
  'stale-revision',
  'unknown-pool',
  'revision-required',
];

type Patch = { Body: Type.Static<typeof bodySchema>; Params: { id: string } };

/**
 * PATCH /v1/shows/{id}. Never refused because of a long queue, because it must always be possible to close a
 * show.
 */
export const changeShow = (app: FastifyInstance, options: CommandOptions): void => {
  const route = { schema, config: { problems }, onRequest: requireAdmin(options.identity) };
  app.patch<Patch>('/v1/shows/:id', route, async (request, reply) => {
    const showId = parseGivenShowId(request.params.id);
    if (!showId || partitionOf(showId) >= options.partitions) return sendProblem(reply, noSuchShow);
    const precondition = readIfMatch(request.headers['if-match']);
    if (precondition.type === 'refused') return sendProblem(reply, precondition.problem);
    const errors = showMistakes(request.body);
    if (errors.length > 0) return sendProblem(reply, invalidRequest(errors));
    const requested = newRequest(request.body, { showId, ...precondition.about }, options);
    const closing = request.body.closed === true ? closingOf(requested) : undefined;
    // The door is closed before the request enters the queue: after a long queue it would close too late.
    if (closing) await redisOrUnavailable(options.closings.announceClosing(closing));
    const wait = { ms: showWaitMsMax, onHangUp: hangUpOf(reply) };
    const submission = await submit(acceptedAs(reply, requested), wait, options);
    // If this fails the door stays closed. It opens by itself when the show changes, or after two minutes.
    if (closing && isRefused(submission))
      await options.closings.withdrawClosing(closing).catch(() => undefined);
    return answerSubmission(reply, submission, answerOf(showId), options);
  });
};

const isRefused = (submission: Submission): boolean =>
  submission.type === 'refused' ||
  (submission.type === 'decided' &&
    submission.outcome.type === 'answer' &&
    submission.outcome.refusal !== undefined);

const answerOf = (showId: ShowId): CommandAnswer => {
  const path = showPath(showId);
  return {
    path,
    partition: partitionOf(showId),
    unknown: changeUnknown,
    pending: () => ({ id: showId, status: 'pending' }),
    decided: (outcome) => {
      if (outcome.type !== 'answer') return undefined;
      const { refusal, show } = outcome;
      if (refusal) return refusedFor(refusal, path);
      return show && showAsItIs(show);
    },
  };
};

/**
 * The door is closed for the revision that the change is made to. With several possible revisions it is not
 * closed, because it is not known yet which one that will be.
 */
const closingOf = ({ showId, revisions = [] }: ShowChangeRequested): ClosingNotice | undefined => {
  const [revision, another] = revisions;
  return revision !== undefined && another === undefined ? { showId, revision } : undefined;
};

const newRequest = (
  body: Patch['Body'],
  about: Pick<ShowChangeRequested, 'showId' | 'revisions'>,
  options: CommandOptions,
): ShowChangeRequested => {
  const { name, pools, force = false } = body;
  const rules = ruleChangesOf(body);
  return {
    type: 'ShowChangeRequested',
    requestId: newRequestId(partitionOf(about.showId), options),
    ...about,
    ...(name !== undefined && { name }),
    ...(pools && { pools }),
    ...(Object.keys(rules).length > 0 && { rules }),
    force,
  };
};
