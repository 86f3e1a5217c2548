import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Logger } from '../../domain/ports.ts';
import type { TraceContext } from '../../domain/trace-context.ts';
import { atMostOncePerSecond } from './at-most-once-per-second.ts';

/** The trace of one request, from its head to its answer. */
export interface RequestTrace {
  readonly context: TraceContext;
  end(answer: Answer): void;
}

export interface Answer {
  readonly method: string;
  readonly route: string;
  /** Undefined where the client left before the answer. */
  readonly status: number | undefined;
}

/** Observes requests. No objects are made for a request without a trace. */
export interface RequestObserver {
  /** Absent where no traces are kept. */
  readonly traces?: RequestTraces;
  /** Called when a request goes to the stream, with the time since its head. */
  readonly accepted: (elapsedMs: number) => void;
  /** Called once for each route. `traceId` where the request has a trace. */
  readonly counterOf: (
    method: string,
    route: string,
  ) => (status: number, elapsedMs: number, traceId: string | undefined) => void;
  /** An answer that takes this long is slow: it is logged, and its trace is kept. */
  readonly slowMs: number;
}

export interface RequestTraces {
  /** Decides whether to sample before any object is made. */
  begin(traceparent: unknown, tracestate: unknown): RequestTrace | undefined;
  /** Begins a trace afterwards, for a request that was slow or failed; undefined when there were too many. */
  keep(cause: 'error' | 'slow', elapsedMs: number): RequestTrace | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    trace: RequestTrace | null;
  }
  interface FastifyInstance {
    observer: RequestObserver | null;
  }
}

interface ObserveOptions {
  readonly observer?: RequestObserver;
  readonly logger: Logger;
}

/** Must run before all other hooks, so that early refusals are timed and traced too. */
export const observeRequests = (app: FastifyInstance, { observer, logger }: ObserveOptions): void => {
  app.decorate('observer', observer ?? null);
  app.decorateRequest('trace', null);
  if (!observer) return;
  const { traces } = observer;
  if (traces)
    app.addHook('onRequest', (request, reply, done) => {
      const { traceparent, tracestate } = request.headers;
      const trace = traces.begin(traceparent, tracestate);
      if (trace) request.trace = endedOnce(trace, reply);
      done();
    });
  const logSlow = atMostOncePerSecond((about: object, unlogged) =>
    logger.warn({ ...about, unlogged }, 'a request was slow'),
  );
  app.addHook('onRoute', (route) => watchRoute(route, observer, logSlow));
  const unmatched = observer.counterOf('', '');
  // Such a request has no route and no route hook, so all of them are counted together.
  app.addHook('onResponse', (request, reply, done) => {
    if (request.is404) {
      const { trace, method } = request;
      unmatched(reply.statusCode, reply.elapsedTime, trace?.context.traceId);
      trace?.end({ method, route: '', status: reply.statusCode });
    }
    done();
  });
};

/** A trace ends with the answer, or when the client leaves before it, because no other hook runs then. */
const endedOnce = ({ context, end }: RequestTrace, { raw, request }: FastifyReply): RequestTrace => {
  let hasEnded = false;
  const endOnce = (answer: Answer): void => {
    if (!hasEnded) end(answer);
    hasEnded = true;
  };
  raw.once('close', () =>
    endOnce({
      method: request.method,
      route: request.routeOptions.url ?? '',
      status: raw.headersSent ? raw.statusCode : undefined,
    }),
  );
  return { context, end: endOnce };
};

/** Each route has its own hook with its name and counters, so a request needs no look-up. */
const watchRoute = (
  route: RouteOptions,
  observer: RequestObserver,
  saySlow: (about: object) => void,
): void => {
  const method = [route.method].flat().join(',');
  const count = observer.counterOf(method, route.url);
  const onAnswered = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const elapsedMs = reply.elapsedTime;
    const status = reply.statusCode;
    if (elapsedMs >= observer.slowMs && !waits(request)) {
      const trace = traceOf(request, 'slow', elapsedMs);
      saySlow({
        method,
        route: route.url,
        status,
        ms: Math.round(elapsedMs),
        trace_id: trace?.context.traceId,
      });
    }
    const { trace } = request;
    count(status, elapsedMs, trace?.context.traceId);
    if (trace) trace.end({ method, route: route.url, status });
    done();
  };
  route.onResponse = [...[route.onResponse ?? []].flat(), onAnswered];
};

/** A read that asked to wait is not slow. */
const waits = ({ method, headers, url }: FastifyRequest): boolean =>
  method === 'GET' && (headers.prefer !== undefined || /\/updates(\?|$)/.test(url));

const traceOf = (
  request: FastifyRequest,
  cause: 'error' | 'slow',
  elapsedMs: number,
): RequestTrace | null => {
  request.trace ??= request.server.observer?.traces?.keep(cause, elapsedMs) ?? null;
  return request.trace;
};

/** The id of the trace of a request; a 5xx begins one if there is none. */
export const traceIdOf = ({ request, elapsedTime }: FastifyReply, status: number): string | undefined =>
  (status >= 500 ? traceOf(request, 'error', elapsedTime) : request.trace)?.context.traceId;

/** The request as it goes to the stream, with its trace context if it has one. */
export const acceptedAs = <Request extends object>(
  { request: { server, trace }, elapsedTime }: FastifyReply,
  event: Request,
): Request & { readonly trace?: TraceContext } => {
  server.observer?.accepted(elapsedTime);
  return trace ? { ...event, trace: trace.context } : event;
};
