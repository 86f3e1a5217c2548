import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { refuseTunnel } from '../problems/refuse-connection.ts';
import { cutStalled } from './cut-stalled.ts';
import { inTurn } from './in-turn.ts';

/** How long a connection may take for what. */
export interface ConnectionLimits {
  /** For line and headers to arrive; also for the first byte of a new connection. */
  readonly headMs: number;
  /** For the whole request to arrive; answering may take as long as its wait. */
  readonly requestMs: number;
  /** How often that is looked after: a connection lives by so much longer. */
  readonly checkMs: number;
  /** Idle, after an answer. */
  readonly keepAliveMs: number;
  /** With bytes of an answer that its client does not take. */
  readonly stalledMs: number;
}

export const connectionLimits: ConnectionLimits = {
  headMs: 10_000,
  requestMs: 15_000,
  checkMs: 500,
  // Longer than the usual 60 s of a load balancer, so that it is the balancer that closes.
  keepAliveMs: 72_000,
  stalledMs: 60_000,
};

const headerBytesMax = 16 * 1024;

/**
 * Node's server, without what it does by itself and must not happen here: it looks for slow requests every 30 s only, drops
 * headers behind the thousandth, keeps the first of two Authorization or Host headers and says nothing, answers a missing
 * Host and an unknown expectation without a word, and says "100 Continue" before anybody has looked at the request.
 */
export const newHttpServer = (limits: ConnectionLimits, begin: RequestListener): Server => {
  const server = createServer({
    maxHeaderSize: headerBytesMax,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Joined, two of them are seen to be two (head-fault.ts).
    joinDuplicateHeaders: true,
    requireHostHeader: false,
  });
  // All of them: the bytes of the head are bounded.
  server.maxHeadersCount = 0;
  cutStalled(server, limits.stalledMs);
  const listener = inTurn(begin);
  server.on('request', listener);
  server.on('checkExpectation', listener);
  server.on('checkContinue', (request, response) => {
    whenBodyIsRead(request, () => {
      if (!response.headersSent) response.writeContinue();
    });
    listener(request, response);
  });
  server.on('connect', (_request, socket) => refuseTunnel(socket));
  return server;
};

/** A body begins to flow when somebody wants it, or is thrown away behind the answer. */
const whenBodyIsRead = (request: IncomingMessage, tell: () => void): void => {
  request.once('resume', tell);
};
