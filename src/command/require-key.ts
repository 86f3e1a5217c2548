import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../http/problem.ts';
import { sendProblem } from '../http/send-problem.ts';

export const hasKey = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['idempotency-key'] !== undefined;

/** A hook of all commands: a POST that something on its way may repeat has to say which command it is. */
export const requireKey = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
  request.method === 'POST' && !hasKey(request) ? sendProblem(reply, keyRequiredHere) : undefined;

const nothingDone =
  'Nothing was done. Send it again with an Idempotency-Key: a new one for each command, the same one whenever you repeat it.';

const keyRequiredHere: Problem = {
  code: 'key-required',
  detail: `This service asks for an Idempotency-Key with every POST. ${nothingDone}`,
};

export const keyRequired: Problem = {
  code: 'key-required',
  detail: `Without a key a repetition of this request would act once more. ${nothingDone}`,
};
