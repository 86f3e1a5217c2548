import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';
import { refuseTunnel } from '../problems/refuse-connection.ts';
import { cutStalled } from './cut-stalled.ts';
import { inTurn } from './in-turn.ts';

/** Time limits of a connection. */
export interface ConnectionLimits {
  /** For line and headers to arrive; also for the first byte of a new connection. */
  readonly headMs: number;
  /** For the whole request to arrive. The answer may take as long as the wait that the client asks for. */
  readonly requestMs: number;
  /** How often these limits are checked; a connection may live longer by this much. */
  readonly checkMs: number;
  /** For an idle connection, after an answer. */
  readonly keepAliveMs: number;
  /** For a client that does not read the answer. */
  readonly stalledMs: number;
}

export const connectionLimits: ConnectionLimits = {
  headMs: 10_000,
  requestMs: 15_000,
  checkMs: 500,
  // Longer than the usual 60 s of a load balancer, so that the balancer closes the connection first.
  keepAliveMs: 72_000,
  stalledMs: 60_000,
};

const headerBytesMax = 16 * 1024;

interface NodeOptions extends ServerOptions {
  /**
   * From Node 24.12 on, ignored before: a request without a body emits no event for it, which is a tenth of what a read by id
   * costs. Nothing may wait for the end of such a body: see `dropOtherTypes`.
   */
  readonly optimizeEmptyRequests: boolean;
}

/**
 * Node's server without the defaults that do harm here: it checks for slow requests only every 30 s, drops
 * headers after the thousandth, keeps the first of two Authorization or Host headers without an error,
 * answers a missing Host and an unknown expectation without a body, and sends "100 Continue" before the
 * request is checked.
 */
export const newHttpServer = (limits: ConnectionLimits, begin: RequestListener): Server => {
  const options: NodeOptions = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
    // A repeated header is joined, so that head-fault.ts can detect it.
    joinDuplicateHeaders: true,
    requireHostHeader: false,
    optimizeEmptyRequests: true,
  };
  const server = createServer(options);
  // No limit on the number: the size of the head is limited.
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

/** A body is resumed when a handler reads it, or when it is discarded after the answer. */
const whenBodyIsRead = (request: IncomingMessage, callback: () => void): void => {
  request.once('resume', callback);
};
