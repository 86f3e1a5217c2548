import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type Problem, ProblemError } from './problem.ts';

const json = 'application/json';
/** Character sets whose texts are valid UTF-8. */
const utf8 = ['utf-8', 'utf8', 'us-ascii'];

/**
 * JSON defines no parameters, but a charset other than UTF-8 is taken seriously: its bytes would be decoded
 * as different characters.
 */
const isJson = (contentType: string): boolean => {
  if (contentType === json) return true;
  const [type, ...parameters] = contentType.toLowerCase().split(';');
  return type?.trim() === json && parameters.every(isUtf8Parameter);
};

const isUtf8Parameter = (parameter: string): boolean => {
  const [name, value] = parameter.split('=', 2).map((part) => part.trim());
  return name !== 'charset' || utf8.includes((value ?? '').replaceAll('"', ''));
};

/**
 * Runs before the body is read. A type other than JSON is removed, so that the request is handled by
 * `refuseOtherTypes`. Otherwise fastify would check the type first, and refuse even an empty body because of
 * its type. Where no body is announced any type is removed, because fastify would wait for the end of a body that never
 * comes (see http-server.ts).
 */
export const dropOtherTypes = ({ raw: { headers } }: FastifyRequest): void => {
  const type = headers['content-type'];
  if (type !== undefined) headers['content-type'] = hasBody(headers) && isJson(type) ? json : undefined;
};

/** As RFC 9112 §6.3 decides it. */
const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** An empty body is accepted with any type, so that `curl -d ''` confirms. The first byte of anything else is refused. */
export const refuseOtherTypes = ({ raw }: FastifyRequest): Promise<undefined> =>
  new Promise((resolve, reject) => {
    const refuse = (): void => reject(new ProblemError(otherType));
    if (Number(raw.headers['content-length']) > 0) return refuse();
    raw
      .once('data', refuse)
      .once('end', () => resolve(undefined))
      .once('error', (cause) => reject(new ProblemError(cutShort, { cause })));
  });

const cutShort: Problem = { code: 'invalid-request', detail: 'The body ended early. Send it again.' };

const otherType: Problem = {
  code: 'unsupported-media-type',
  detail: 'Send the body as application/json, in UTF-8.',
  headers: { accept: json },
};
