import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { sendProblem } from './send-problem.ts';

/**
 * Fastify answers a wrong method with 404. The addresses are recorded here, so that the answer can be 405
 * with Allow.
 */
export interface UnmatchedRequests {
  addRoute(route: Pick<RouteOptions, 'method' | 'url'>): void;
  /** Whether a route with a parameter got a request for an address that has routes of its own, with another method. */
  isForAnother(request: FastifyRequest): boolean;
  refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

export const newUnmatched = (): UnmatchedRequests => {
  const methodsByUrl = new Map<string, Set<string>>();
  /** Addresses that a route with a parameter would match too, such as /v1/reservations/batch. */
  let exceptions: readonly string[] = [];
  return {
    addRoute: ({ method, url }) => {
      const methods = methodsByUrl.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      methodsByUrl.set(url, methods);
      exceptions = exceptionsAmong([...methodsByUrl.keys()]);
    },
    isForAnother: (request) =>
      exceptions.some((url) => request.url.startsWith(url)) &&
      exceptions.includes(pathOf(request.url)) &&
      request.routeOptions.url !== pathOf(request.url),
    refuse: (request, reply) => {
      // A folder of files matches any address, and the method may be allowed: then the file does not exist.
      const path = pathOf(request.url);
      const own = methodsByUrl.get(path);
      const methods = own
        ? [...own]
        : [...methodsByUrl].filter(([url]) => patternOf(url).test(path)).flatMap(([, all]) => [...all]);
      if (methods.length === 0 || methods.includes(request.method))
        return sendProblem(reply, { code: 'not-found', detail: 'There is nothing at this address.' });
      const allow = [...new Set(methods)].sort().join(', ');
      reply.header('allow', allow);
      const detail = `This address supports ${allow}.${preflightHint(request)}`;
      return sendProblem(reply, { code: 'method-not-allowed', detail });
    },
  };
};

const exceptionsAmong = (urls: readonly string[]): readonly string[] => {
  const patterns = urls.filter((url) => url.includes(':')).map(patternOf);
  return urls.filter((url) => !/[:*]/.test(url) && patterns.some((pattern) => pattern.test(url)));
};

/**
 * A hint for a developer who finds a 405 in the browser's network tab. Preflights of allowed origins are
 * answered before.
 */
const preflightHint = ({ method, headers }: FastifyRequest): string =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
    ? ' If a browser asks whether a page may call: ONSALE_CORS_ORIGINS does not name the origin of that page.'
    : '';

/** A client of a proxy sends the absolute address (RFC 9112 §3.2.2), and the proxy may forward it. */
const pathOf = (url: string): string =>
  url
    .replace(/^https?:\/\/[^/?]*/i, '')
    .split('?', 1)
    .join();

/** Built only when needed, because only mistaken requests come here. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^$()|[\]\\{}]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replaceAll('*', '.*')}$`,
  );
