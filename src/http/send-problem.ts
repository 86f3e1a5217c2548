import type { FastifyReply } from 'fastify';
import { traceIdOf } from './observe-requests.ts';
import { type Problem, problemText, problemType } from './problem.ts';
import { problems } from './problems.ts';

/** Bytes, so that no response schema stands in between and fastify adds no charset, which JSON does not have. */
export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  const { status } = problems[problem.code];
  const traceId = traceIdOf(reply, status);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  return reply
    .code(status)
    .header('content-type', problemType)
    .send(Buffer.from(problemText(problem, traceId)));
};
