import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { invalidRequest, ProblemError } from '../problems/problem.ts';
import { findRepeatedMember } from './find-repeated-member.ts';

/**
 * An empty body counts as absent (confirm and cancel need none), and a byte order mark is skipped. Bytes that
 * are not UTF-8 are refused, because decoding would put replacement characters into a client's reference. A
 * repeated member is refused too: a filter between the client and us may have checked the one that JSON.parse
 * drops. `__proto__` needs no special care: it is parsed as an own property, and unknown properties are
 * refused.
 */
export const parseJsonBody = async (request: FastifyRequest, body: Buffer): Promise<unknown> => {
  const json = withoutMark(body);
  if (json.length === 0) return undefined;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && !isIdentity(encoding)) throw new ProblemError(encoded);
  if (!isUtf8(json)) throw new ProblemError(notUtf8);
  const value = parsed(json.toString('utf8'));
  const pointer = findRepeatedMember(json, value);
  if (pointer !== undefined) throw new ProblemError(invalidRequest([{ pointer, detail: 'is there twice' }]));
  return value;
};

const byteOrderMark = Buffer.from('\ufeff');

const withoutMark = (body: Buffer): Buffer =>
  body[0] === byteOrderMark[0] && body.indexOf(byteOrderMark) === 0
    ? body.subarray(byteOrderMark.length)
    : body;

/** `identity`, in upper or lower case, any number of times. */
const isIdentity = (encoding: string): boolean =>
  encoding.split(',').every((each) => ['', 'identity'].includes(each.trim().toLowerCase()));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = `The body is not JSON: ${reason(error)}.`;
    throw new ProblemError({ code: 'malformed-json', detail }, { cause: error });
  }
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const notUtf8 = { code: 'malformed-json', detail: 'The body is not UTF-8.' } as const;

const encoded = {
  code: 'unsupported-media-type',
  detail: 'The body must not be compressed: send it without Content-Encoding.',
  headers: { 'accept-encoding': 'identity' },
} as const;
