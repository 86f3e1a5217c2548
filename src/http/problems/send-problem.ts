import type { FastifyReply } from 'fastify';
import { traceIdOf } from '../observe/observe-requests.ts';
import { type Problem, problemText, problemType } from './problem.ts';
import { problems } from './problems.ts';

/**
 * Sends text with its own serializer, so that no response schema applies and fastify adds no charset, which
 * JSON does not have. Text and not bytes, because Node writes text together with the head.
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
      // Caches may store 404, 405 and some other statuses by default, and would then serve them after their
      // reason has gone (RFC 9110 §15.1).
      .header('cache-control', 'no-store')
      .serializer(asItIs)
      .send(problemText(problem, traceId))
  );
};

const asItIs = (text: string): string => text;
