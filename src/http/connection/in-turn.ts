import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that wait for their turn; a client that pipelines more, or long bodies, is cut off. */
export const waitingMax = 100;

/**
 * Begins a request when the one before it on its connection is answered. Node begins all that come in a pipeline at once,
 * and never tells a response that waits for its turn that the connection has closed: whatever such a request took would be
 * taken for ever. Here it takes nothing before its turn, and a connection that closes takes its waiting requests along,
 * none of them begun. Costs a request that need not wait one look.
 */
export const inTurn = (begin: RequestListener): RequestListener => {
  const waiting = new WeakMap<Socket, number>();
  const waitForTurn = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const before = waiting.get(socket) ?? 0;
    // No answer could get past the ones before it, and to read no further would hide that the client has left.
    if (before >= waitingMax || !fitsItsBuffer(request)) {
      socket.destroy();
      return;
    }
    waiting.set(socket, before + 1);
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      // Node is not done yet with handing the connection over.
      process.nextTick(() => {
        if (!socket.writableEnded && !socket.destroyed) begin(request, response);
      });
    });
  };
  return (request, response) => {
    // Behind the last answer of its connection nobody would hear of it.
    if (request.socket.writableEnded) return;
    if (response.socket) begin(request, response);
    else waitForTurn(request, response);
  };
};

/** Nobody reads a body before its turn, and Node reads no further than one that fills its buffer. */
const fitsItsBuffer = ({ headers, readableHighWaterMark }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined &&
  Number(headers['content-length'] ?? 0) < readableHighWaterMark;
