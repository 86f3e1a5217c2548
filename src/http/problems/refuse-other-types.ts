import type { FastifyRequest } from 'fastify';
import { type Problem, ProblemError } from './problem.ts';

const json = 'application/json';
/** What is written in these is UTF-8. */
const utf8 = ['utf-8', 'utf8', 'us-ascii'];

/** JSON has no parameters; one that says it is not UTF-8 is believed, because those bytes would be read as others. */
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
 * Before the body is read: one that is not JSON loses its type and so comes to `refuseOtherTypes`. Fastify would judge the
 * type first, and refuse an empty body for what it is called.
 */
export const dropOtherTypes = ({ raw }: FastifyRequest): void => {
  const type = raw.headers['content-type'];
  if (type !== undefined) raw.headers['content-type'] = isJson(type) ? json : undefined;
};

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
