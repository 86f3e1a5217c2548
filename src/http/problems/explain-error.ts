import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../domain/ports.ts';
import { atMostOncePerSecond } from '../observe/at-most-once-per-second.ts';
import { traceIdOf } from '../observe/observe-requests.ts';
import { brokenEncoding } from './broken-query.ts';
import { type Problem, ProblemError } from './problem.ts';

type ExplainError = (error: unknown, reply: FastifyReply) => Problem;

declare module 'fastify' {
  interface FastifyInstance {
    /** For a call of many requests, each of which answers for itself. */
    explainError: ExplainError;
  }
}

/**
 * Turns any thrown error into a problem. Errors that are not the client's fault are logged, an outage at most
 * once a second.
 */
export const explainErrors = (logger: Logger): ExplainError => {
  const warnOfOutage = atMostOncePerSecond((error: ProblemError, unlogged) =>
    logger.warn({ err: error.cause, unlogged }, `${error.dependency} cannot be asked`),
  );
  return (error, reply) => {
    const { request } = reply;
    const problem = problemOf(error, request);
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
    return problem;
  };
};

const problemOf = (error: unknown, request: FastifyRequest): Problem => {
  if (error instanceof ProblemError) return error.problem;
  const { code, statusCode, message }: Partial<FastifyError> = Object(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge(request.routeOptions.bodyLimit);
  const known = byFastifyCode.get(String(code));
  if (known) return known;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { code: 'invalid-request', detail: String(message) };
  return {
    code: 'internal-error',
    detail:
      'An unexpected error, which is in the log. Check whether the request was carried out before you repeat it.',
  };
};

const bodyTooLarge = (bytesMax: number): Problem => ({
  code: 'payload-too-large',
  detail: `The body is over ${bytesMax / 1024} KiB. Send a smaller one.`,
});

const byFastifyCode: ReadonlyMap<string, Problem> = new Map<string, Problem>([
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    { code: 'unsupported-media-type', detail: 'Send the body as application/json.' },
  ],
  ['FST_ERR_BAD_URL', brokenEncoding],
  ['FST_ERR_MAX_PARAM_LENGTH', { code: 'not-found', detail: 'Nothing has an id of that length.' }],
]);
