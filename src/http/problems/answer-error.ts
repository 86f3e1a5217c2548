import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../domain/ports.ts';
import { atMostOncePerSecond } from '../observe/at-most-once-per-second.ts';
import { traceIdOf } from '../observe/observe-requests.ts';
import { brokenEncoding } from './broken-query.ts';
import { type Problem, ProblemError } from './problem.ts';
import { sendProblem } from './send-problem.ts';

type AnswerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * Turns any thrown error into a problem. Errors that are not the client's fault are logged, an outage at most
 * once a second.
 */
export const answerErrors = (logger: Logger): AnswerError => {
  const warnOfOutage = atMostOncePerSecond((error: ProblemError, unlogged) =>
    logger.warn({ err: error.cause, unlogged }, `${error.dependency} cannot be asked`),
  );
  return (error, request, reply) => {
    const problem = problemOf(error);
    // An unreadable row is logged where it is read.
    if (problem.code === 'internal-error' && !(error instanceof ProblemError))
      // The route is logged, not the address: a client may have put a token into the address.
      logger.error(
        {
          err: error,
          method: request.method,
          url: request.routeOptions.url,
          trace_id: traceIdOf(reply, 500),
        },
        'a request hit a bug',
      );
    if (error instanceof ProblemError && error.dependency !== undefined) warnOfOutage(error);
    return sendProblem(reply, problem);
  };
};

const problemOf = (error: FastifyError): Problem => {
  if (error instanceof ProblemError) return error.problem;
  const known = byFastifyCode.get(error.code);
  if (known) return known;
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return { code: 'invalid-request', detail: error.message };
  return {
    code: 'internal-error',
    detail:
      'An unexpected error, which is in the log. Check whether the request was carried out before you repeat it.',
  };
};

const byFastifyCode: ReadonlyMap<string, Problem> = new Map<string, Problem>([
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    { code: 'unsupported-media-type', detail: 'Send the body as application/json.' },
  ],
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    { code: 'payload-too-large', detail: 'The body is over 16 KiB. Send a smaller one.' },
  ],
  ['FST_ERR_BAD_URL', brokenEncoding],
  ['FST_ERR_MAX_PARAM_LENGTH', { code: 'not-found', detail: 'Nothing has an id of that length.' }],
]);
