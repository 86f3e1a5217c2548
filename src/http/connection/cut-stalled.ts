import type { Server } from 'node:http';
import type { Socket } from 'node:net';

interface SendProgress {
  /** Bytes sent at the last check. */
  readonly sent: number;
  /** Since when no more bytes were sent; monotonic. */
  readonly sinceMs: number;
}

/**
 * Cuts connections whose client has read no bytes of an answer for `stalledMs`. One interval checks all
 * connections: a timer for each connection, as in Node, would be reset for every request.
 */
export const cutStalled = (server: Server, stalledMs: number): void => {
  const sockets = new Map<Socket, SendProgress>();
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, { sent: 0, sinceMs: performance.now() });
    socket.once('close', () => sockets.delete(socket));
  });
  const check = (): void => {
    const nowMs = performance.now();
    for (const [socket, { sent, sinceMs }] of sockets) {
      const left = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || left !== sent) sockets.set(socket, { sent: left, sinceMs: nowMs });
      else if (nowMs - sinceMs >= stalledMs) socket.destroy();
    }
  };
  const timer = setInterval(check, stalledMs / 10);
  timer.unref();
  server.once('close', () => clearInterval(timer));
};
