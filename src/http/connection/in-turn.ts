import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that wait for their turn; a client that pipelines more, or long bodies, is cut off. */
export const waitingMax = 100;

/**
 * Begins a request when the one before it on its connection is answered. Node begins all requests of a
 * pipeline at once, and a response that waits for its turn gets no event when the connection closes, so the
 * resources of its request would never be released. Here a request takes no resources before its turn, and
 * waiting requests are dropped when the connection closes. A request that need not wait costs one check.
 */
export const inTurn = (begin: RequestListener): RequestListener => {
  const waiting = new WeakMap<Socket, number>();
  const waitForTurn = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const before = waiting.get(socket) ?? 0;
    // An error answer could not overtake those before it, and without reading we would not notice that the
    // client left.
    if (before >= waitingMax || !fitsItsBuffer(request)) {
      socket.destroy();
      return;
    }
    waiting.set(socket, before + 1);
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      // Node has not finished assigning the connection yet.
      process.nextTick(() => {
        if (!socket.writableEnded && !socket.destroyed) begin(request, response);
      });
    });
  };
  return (request, response) => {
    // The connection has had its last answer, so this one could not be sent.
    if (request.socket.writableEnded) return;
    if (response.socket) begin(request, response);
    else waitForTurn(request, response);
  };
};

/** Before its turn a body is not read, and Node stops reading at a body that fills its buffer. */
const fitsItsBuffer = ({ headers, readableHighWaterMark }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined &&
  Number(headers['content-length'] ?? 0) < readableHighWaterMark;
