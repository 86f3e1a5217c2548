import type { FastifyReply } from 'fastify';
import { traceIdOf } from '../observe/observe-requests.ts';
import { type Problem, problemText, problemType } from './problem.ts';
import { problems } from './problems.ts';

/**
 * Text with a serializer of its own, so that no response schema stands in between and fastify adds no charset, which JSON
 * does not have. Text and not bytes, because node writes it together with the head.
 */
export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  const { status } = problems[problem.code];
  const traceId = traceIdOf(reply, status);
  if (problem.headers) reply.headers(problem.headers);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  return (
    reply
      .code(status)
      .header('content-type', problemType)
      // 404, 405 and some others may be cached unless told otherwise, and would outlive their reason (RFC 9110 §15.1).
      .header('cache-control', 'no-store')
      .serializer(asItIs)
      .send(problemText(problem, traceId))
  );
};

const asItIs = (text: string): string => text;
