import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers a browser's question (a preflight) whether a page of another origin may call this service.
 *
 * @fastify/cors is not used; tried with 11.4.3. There an OPTIONS that is no preflight is answered 400 in
 * plain text, or 204 in a less strict mode, but not 405 with Allow. Its hook also does not run where the
 * framework itself refuses a request (a broken address): a page could not read that answer, so we would have
 * to set the headers here anyway.
 */
export interface Cors {
  /** Adds the headers with which the page can read the answer, whatever the answer will be. */
  allow(request: FastifyRequest, reply: FastifyReply): void;
  /** Answers a preflight of an allowed origin. Returns false, and does nothing, for any other request. */
  answerPreflight(request: FastifyRequest, reply: FastifyReply): boolean;
}

const methods = 'GET, HEAD, POST, PATCH';

const requestHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Prefer',
  'Last-Event-ID',
  'X-Customer-Id',
  // Browser tracing adds these headers by itself, and a browser that may not send one of them does not make
  // the call.
  'traceparent',
  'tracestate',
  'baggage',
].join(', ');

/**
 * The local mode trusts these headers, so they are allowed only for pages of named origins. Otherwise any
 * page that somebody opens could administer the onsale on their machine.
 */
const localHeaders = `${requestHeaders}, X-Admin, X-Service`;

/**
 * All headers that an answer may carry, except those that every page may read anyway (Cache-Control,
 * Content-Type, Content-Length and the like).
 */
const answerHeaders = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'Preference-Applied',
  'Idempotent-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'WWW-Authenticate',
  'Allow',
  'Accept',
  'Accept-Encoding',
  // A countdown to `opensAt` must use the clock of the service.
  'Date',
].join(', ');

/** The longest time for which a browser caches a preflight (Chromium caps it at two hours). */
const preflightSeconds = 7_200;

/**
 * `origins` are exact texts, as a browser sends them in Origin, or '*' alone. No cookies are read anywhere,
 * so Access-Control-Allow-Credentials is never sent, and '*' exposes nothing that any program could not
 * request without a browser.
 */
export const newCors = (origins: readonly string[]): Cors => {
  const allowed = new Set(origins);
  const isAnybody = allowed.has('*');
  const isAllowed = (origin: string | undefined): origin is string =>
    origin !== undefined && (isAnybody || allowed.has(origin));
  return {
    allow: ({ headers: { origin } }, reply) => {
      // Also on answers to requests without an Origin: a cache must not give such an answer to a page, which
      // could not read it.
      if (!isAnybody) reply.header('vary', 'Origin');
      if (!isAllowed(origin)) return;
      reply.header('access-control-allow-origin', isAnybody ? '*' : origin);
      reply.header('access-control-expose-headers', answerHeaders);
    },
    answerPreflight: ({ method, headers }, reply) => {
      if (method !== 'OPTIONS' || !isAllowed(headers.origin)) return false;
      if (headers['access-control-request-method'] === undefined) return false;
      reply
        .code(204)
        .header('access-control-allow-methods', methods)
        .header('access-control-allow-headers', isAnybody ? requestHeaders : localHeaders)
        .header('access-control-max-age', preflightSeconds)
        .send();
      return true;
    },
  };
};
