import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

/**
 * An empty body is an absent one (confirm and cancel may have none). Bytes that are not UTF-8 are refused: decoding
 * would put replacement characters into what somebody chose as a reference. `__proto__` needs no special care: it is
 * parsed as an own property, and unknown properties are refused.
 */
export const parseJsonBody = async (request: FastifyRequest, body: Buffer): Promise<unknown> => {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new ProblemError(compressed);
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw new ProblemError(notUtf8);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const detail = `The body is not JSON: ${reason(error)}.`;
    throw new ProblemError({ code: 'malformed-json', detail }, { cause: error });
  }
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const notUtf8 = { code: 'malformed-json', detail: 'The body is not UTF-8.' } as const;

const compressed = {
  code: 'unsupported-media-type',
  detail: 'The body must not be compressed: send it without Content-Encoding.',
} as const;
