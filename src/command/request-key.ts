import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Line, sumLines } from '../domain/lines.ts';
import type { RequestKey } from '../domain/requests.ts';
import type { Problem } from '../http/problems/problem.ts';
import { sendProblem } from '../http/problems/send-problem.ts';

export interface KeyInput {
  /** The owner of the key, so that equal keys of two customers never collide. */
  readonly scope: readonly string[];
  /** The meaning of the command: bodies with the same meaning have the same fingerprint. */
  readonly command: () => readonly unknown[];
}

/** The Idempotency-Key in the form that log and tables store; undefined without the header. */
export const requestKeyOf = (
  header: string | readonly string[] | undefined,
  { scope, command }: KeyInput,
): RequestKey | undefined =>
  typeof header === 'string'
    ? { hash: digest([...scope, unquoted(header)]), fingerprint: digest(command()) }
    : undefined;

/**
 * 16 bytes: no two keys collide by accident, and a collision made on purpose harms only the customer who
 * makes it.
 */
const digest = (parts: readonly unknown[]): string =>
  hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);

const unquoted = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;

/** Two lines of one pool mean their sum, and the order of pools has no meaning. */
export const linesInOrder = (lines: readonly Line[]): readonly Line[] =>
  sumLines(lines).toSorted((a, b) => (a.poolId < b.poolId ? -1 : 1));

export const hasKey = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['idempotency-key'] !== undefined;

/**
 * A hook of all commands where keys are required: proxies and clients may repeat a POST, so each must carry a
 * key. Of a call of many, each request must.
 */
export const requireKey = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
  request.method === 'POST' && !hasKey(request) && !request.routeOptions.config.isOfMany
    ? sendProblem(reply, keyRequiredHere)
    : undefined;

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
