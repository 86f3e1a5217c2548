import fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from '../domain/ports.ts';
import { type ConnectionLimits, connectionLimits, newHttpServer } from './connection/http-server.ts';
import { type Cors, newCors } from './cors.ts';
import { type Documentation, documentation } from './documentation.ts';
import { limitRates, type RateLimits } from './limits/limit-rates.ts';
import { newProxyTest, type TrustProxy } from './limits/proxies.ts';
import { compileValidator } from './message/compile-validator.ts';
import { headFault } from './message/head-fault.ts';
import { parseJsonBody } from './message/parse-json-body.ts';
import { decisionEventSchema } from './message/represent-decision.ts';
import { reservationSchema } from './message/represent-reservation.ts';
import { showSchema } from './message/represent-show.ts';
import { observeRequests, type RequestObserver } from './observe/observe-requests.ts';
import { brokenEncoding, hasBrokenQuery } from './problems/broken-query.ts';
import { explainErrors } from './problems/explain-error.ts';
import type { Problem } from './problems/problem.ts';
import { problemSchema } from './problems/problem-schema.ts';
import { refuseConnection } from './problems/refuse-connection.ts';
import { dropOtherTypes, refuseOtherTypes } from './problems/refuse-other-types.ts';
import { newUnmatched } from './problems/refuse-unmatched.ts';
import { sendProblem } from './problems/send-problem.ts';

export interface ServerOptions {
  /** The routes of this server: commandRoutes, queryRoutes, opsRoutes, in any combination. */
  readonly routes: readonly FastifyPluginAsync[];
  readonly logger: Logger;
  /**
   * Aborted when the process begins to stop: from then on commands are refused and connections are closed
   * after their answer.
   */
  readonly stopping: AbortSignal;
  /** Adds /openapi.json, /docs and /problems/<code>; left out on a server that only answers probes. */
  readonly documentation?: Documentation;
  /** Origins whose pages may call: exact texts, or '*' alone. None when left out. */
  readonly corsOrigins?: readonly string[];
  readonly rateLimits?: RateLimits;
  /**
   * Proxies whose X-Forwarded-For is trusted: the number of proxies in the chain, or their addresses and
   * networks.
   */
  readonly trustProxy?: TrustProxy;
  /** Counts and times the answers, and keeps traces. Left out on a server that only answers probes. */
  readonly observer?: RequestObserver;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<ConnectionLimits>;
}

const bodyBytesMax = 16 * 1024;

/**
 * Builds a server with the answers that all routes share. It turns off these defaults of fastify: it removes
 * unknown properties, coerces "3" to 3, accepts text/plain, answers a wrong method with 404, does not pass
 * broken addresses and too large headers to the error handler, refuses an empty JSON body, and sends its own
 * 503 while it closes.
 */
export const buildServer = (options: ServerOptions): FastifyInstance => {
  const explainError = explainErrors(options.logger);
  const cors = options.corsOrigins?.length ? newCors(options.corsOrigins) : undefined;
  const isProxy = options.trustProxy === undefined ? undefined : newProxyTest(options.trustProxy);
  const app = fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    return503OnClosing: false,
    // The server is made here, because fastify would switch off Node's request time-out.
    serverFactory: (begin) => newHttpServer({ ...connectionLimits, ...options.limits }, begin),
    clientErrorHandler: refuseConnection,
    ...(isProxy && { trustProxy: isProxy }),
    frameworkErrors: (error, request, reply) => {
      cors?.allow(request, reply);
      sendProblem(reply, explainError(error, reply));
    },
  });
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, explainError(error, reply)));
  app.decorate('explainError', explainError);
  app.setValidatorCompiler(compileValidator);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJsonBody);
  app.addContentTypeParser('*', refuseOtherTypes);
  app.decorateRequest('caller', null);
  app.decorate('isProxy', isProxy ?? null);
  observeRequests(app, options);
  addSharedSchemas(app);
  if (cors) answerPages(app, cors);
  limitRates(app, options.rateLimits ?? {});
  refuseEarly(app, options.stopping);
  if (options.documentation) void app.register(documentation(options.documentation));
  for (const routes of options.routes) void app.register(routes);
  return app;
};

/** Runs first, so that a page can read every answer, also 404, 405, 415 and 429. */
const answerPages = (app: FastifyInstance, cors: Cors): void => {
  app.addHook('onRequest', (request, reply, done) => {
    cors.allow(request, reply);
    if (!cors.answerPreflight(request, reply)) done();
  });
};

/**
 * Refuses before the body is read: a request with a faulty head or an unknown address, and every command
 * while the process is stopping.
 */
const refuseEarly = (app: FastifyInstance, stopping: AbortSignal): void => {
  const unmatched = newUnmatched();
  app.addHook('onRoute', (route) => unmatched.addRoute(route));
  app.setNotFoundHandler((request, reply) => unmatched.refuse(request, reply));
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const fault = headFault(request.raw);
    if (fault) {
      // After a faulty head it may be unclear where the next request begins.
      sendProblem(reply.header('connection', 'close'), fault);
      return;
    }
    // Node drops what follows, because it expects another protocol.
    if (request.headers.upgrade !== undefined) reply.header('connection', 'close');
    if (request.is404 || unmatched.isForAnother(request)) {
      unmatched.refuse(request, reply);
      return;
    }
    if (hasBrokenQuery(request.url)) {
      sendProblem(reply, brokenEncoding);
      return;
    }
    if (stopping.aborted) {
      reply.header('connection', 'close');
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        sendProblem(reply, stoppingProblem);
        return;
      }
    }
    dropOtherTypes(request);
    done();
  });
};

const stoppingProblem: Problem = {
  code: 'stopping',
  detail: 'This process is stopping and did nothing. Send the request again on a new connection.',
  retryAfterSeconds: 1,
};

/** The resources of the API by name, so that OpenAPI and code generated from it use these names too. */
const addSharedSchemas = (app: FastifyInstance): void => {
  for (const schema of [problemSchema, reservationSchema, showSchema, decisionEventSchema])
    app.addSchema(schema);
};
