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
import { reservationSchema } from './message/represent-reservation.ts';
import { showSchema } from './message/represent-show.ts';
import { observeRequests, type RequestObserver } from './observe/observe-requests.ts';
import { answerErrors } from './problems/answer-error.ts';
import { brokenEncoding, hasBrokenQuery } from './problems/broken-query.ts';
import type { Problem } from './problems/problem.ts';
import { problemSchema } from './problems/problem-schema.ts';
import { refuseConnection } from './problems/refuse-connection.ts';
import { dropOtherTypes, refuseOtherTypes } from './problems/refuse-other-types.ts';
import { newUnmatched } from './problems/refuse-unmatched.ts';
import { sendProblem } from './problems/send-problem.ts';

export interface ServerOptions {
  /** What this server answers: commandRoutes, queryRoutes, opsRoutes, in any combination. */
  readonly routes: readonly FastifyPluginAsync[];
  readonly logger: Logger;
  /** Aborted when the process begins to stop: commands are refused from then on and connections are not kept. */
  readonly stopping: AbortSignal;
  /** Adds /openapi.json, /docs and /problems/<code>; left out on a server that only answers probes. */
  readonly documentation?: Documentation;
  /** Origins whose pages may call, exact, or '*' alone; none when left out. */
  readonly corsOrigins?: readonly string[];
  readonly rateLimits?: RateLimits;
  /** Proxies whose X-Forwarded-For is believed: how many stand in front, or which addresses and networks they have. */
  readonly trustProxy?: TrustProxy;
  /** Counts and times what is answered, and keeps traces; left out on a server that only answers probes. */
  readonly observer?: RequestObserver;
  /** Where they differ from the usual ones. */
  readonly limits?: Partial<ConnectionLimits>;
}

const bodyBytesMax = 16 * 1024;

/**
 * A server with the answers every route shares. What fastify does by default and must not happen here: it strips
 * unknown properties, coerces "3" to 3, takes text/plain, answers a wrong method 404, lets broken addresses and
 * header overflows past the error handler, refuses an empty JSON body and has a 503 of its own while it closes.
 */
export const buildServer = (options: ServerOptions): FastifyInstance => {
  const answerError = answerErrors(options.logger);
  const cors = options.corsOrigins?.length ? newCors(options.corsOrigins) : undefined;
  const isProxy = options.trustProxy === undefined ? undefined : newProxyTest(options.trustProxy);
  const app = fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    return503OnClosing: false,
    // Made here, because fastify would switch Node's request time-out off.
    serverFactory: (begin) => newHttpServer({ ...connectionLimits, ...options.limits }, begin),
    clientErrorHandler: refuseConnection,
    ...(isProxy && { trustProxy: isProxy }),
    frameworkErrors: (error, request, reply) => {
      cors?.allow(request, reply);
      answerError(error, request, reply);
    },
  });
  app.setErrorHandler(answerError);
  app.setValidatorCompiler(compileValidator);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJsonBody);
  app.addContentTypeParser('*', refuseOtherTypes);
  app.decorateRequest('caller', null);
  app.decorate('isProxy', isProxy ?? null);
  observeRequests(app, options);
  addSharedSchemas(app);
  if (cors) answerPages(app, cors);
  if (options.rateLimits) limitRates(app, options.rateLimits);
  refuseEarly(app, options.stopping);
  if (options.documentation) void app.register(documentation(options.documentation));
  for (const routes of options.routes) void app.register(routes);
  return app;
};

/** First of all, so that a page can read whatever the answer is: 404, 405, 415 and 429 too. */
const answerPages = (app: FastifyInstance, cors: Cors): void => {
  app.addHook('onRequest', (request, reply, done) => {
    cors.allow(request, reply);
    if (!cors.answerPreflight(request, reply)) done();
  });
};

/** Before a body is read: a broken head and an address that does not exist take none, and a stopping process starts nothing. */
const refuseEarly = (app: FastifyInstance, stopping: AbortSignal): void => {
  const unmatched = newUnmatched();
  app.addHook('onRoute', (route) => unmatched.addRoute(route));
  app.setNotFoundHandler((request, reply) => unmatched.refuse(request, reply));
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const fault = headFault(request.raw);
    if (fault) {
      // Where the next request begins may be as unclear as the rest.
      sendProblem(reply.header('connection', 'close'), fault);
      return;
    }
    // Node drops what comes behind it, believing that another protocol begins.
    if (request.headers.upgrade !== undefined) reply.header('connection', 'close');
    if (request.is404) {
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

/** The nouns of the API by name, so that OpenAPI and the code generated from it know them by name too. */
const addSharedSchemas = (app: FastifyInstance): void => {
  for (const schema of [problemSchema, reservationSchema, showSchema]) app.addSchema(schema);
};
