import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers a browser's question whether a page from elsewhere may call this one. Not by @fastify/cors, as tried with 11.4.3: an
 * OPTIONS that is no preflight is 400 in plain text there, or 204 if it is less strict, and not 405 with Allow; and its hook does
 * not run where the framework itself refuses (a broken address), so that a page could not read that answer and the headers would
 * have to be made here all the same.
 */
export interface Cors {
  /** Adds what lets the page read the answer, whatever that will be. */
  allow(request: FastifyRequest, reply: FastifyReply): void;
  /** Answers a preflight of an origin that is allowed; false, and nothing done, for any other request. */
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
  // Tracing in the browser adds these by itself, and a preflight that refuses one of them refuses the call.
  'traceparent',
  'tracestate',
  'baggage',
].join(', ');

/** The local mode believes these: a page has to be named, or any page somebody opens could administer their onsale. */
const localHeaders = `${requestHeaders}, X-Admin, X-Service`;

/** All that an answer may carry beyond what every page may read (Cache-Control, Content-Type, Content-Length and the like). */
const answerHeaders = [
  'ETag',
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
  // A countdown to `opensAt` goes by the clock of the service.
  'Date',
].join(', ');

/** The most a browser keeps a preflight for (Chromium caps it at two hours). */
const preflightSeconds = 7_200;

/**
 * `origins` as a browser sends them in Origin, exact to the letter, or '*' alone. No cookies are read anywhere, so
 * Access-Control-Allow-Credentials is never sent, and '*' gives away nothing that a page could not ask for elsewhere.
 */
export const newCors = (origins: readonly string[]): Cors => {
  const allowed = new Set(origins);
  const isAnybody = allowed.has('*');
  const isAllowed = (origin: string | undefined): origin is string =>
    origin !== undefined && (isAnybody || allowed.has(origin));
  return {
    allow: ({ headers: { origin } }, reply) => {
      // Also without an Origin: a cache must not hand that answer to a page, which could not read it.
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
