import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { sendProblem } from './send-problem.ts';

/** Fastify answers a wrong method 404; the addresses are remembered here so that it can be 405 with Allow. */
export interface UnmatchedRequests {
  addRoute(route: Pick<RouteOptions, 'method' | 'url'>): void;
  refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

export const newUnmatched = (): UnmatchedRequests => {
  const methodsByUrl = new Map<string, Set<string>>();
  return {
    addRoute: ({ method, url }) => {
      const methods = methodsByUrl.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      methodsByUrl.set(url, methods);
    },
    refuse: (request, reply) => {
      // A folder of files takes any address and the method may be right: then it is the file that is missing.
      const path = pathOf(request.url);
      const methods = [...methodsByUrl]
        .filter(([url]) => patternOf(url).test(path))
        .flatMap(([, all]) => [...all]);
      if (methods.length === 0 || methods.includes(request.method))
        return sendProblem(reply, { code: 'not-found', detail: 'There is nothing at this address.' });
      const allow = [...new Set(methods)].sort().join(', ');
      reply.header('allow', allow);
      const detail = `This address supports ${allow}.${preflightHint(request)}`;
      return sendProblem(reply, { code: 'method-not-allowed', detail });
    },
  };
};

/** For whoever looks into the browser's network tab and finds a 405: the origins that may ask are answered before they get here. */
const preflightHint = ({ method, headers }: FastifyRequest): string =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
    ? ' If a browser asks whether a page may call: ONSALE_CORS_ORIGINS does not name the origin of that page.'
    : '';

/** A proxy may be sent the whole address (RFC 9112 §3.2.2), and hand it on. */
const pathOf = (url: string): string =>
  url
    .replace(/^https?:\/\/[^/?]*/i, '')
    .split('?', 1)
    .join();

/** Built when needed: nothing but mistakes comes this way. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^$()|[\]\\{}]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replaceAll('*', '.*')}$`,
  );
