import type { FastifyReply } from 'fastify';
import { type Problem, problemText, problemType } from './problem.ts';
import { problems } from './problems.ts';

/** Bytes, so that no response schema stands in between and fastify adds no charset, which JSON does not have. */
export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  return reply
    .code(problems[problem.code].status)
    .header('content-type', problemType)
    .send(Buffer.from(problemText(problem)));
};
