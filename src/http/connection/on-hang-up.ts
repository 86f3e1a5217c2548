import type { FastifyReply } from 'fastify';

/**
 * Calls back when the client has hung up or is answered; at once when it has hung up already, because `close` is told
 * only once, and who they are may have taken a while to find out. A request is begun in its turn only (in-turn.ts): until
 * then nobody would be told.
 */
export const onHangUp = ({ raw, request }: FastifyReply, listener: () => void): void => {
  if (raw.destroyed) {
    listener();
    return;
  }
  raw.once('close', listener);
  // Nobody reads the body of a read, and one that fills its buffer would keep Node from seeing that the client leaves.
  if (request.method === 'GET' || request.method === 'HEAD') request.raw.resume();
};

/** `onHangUp` for one client, for code that knows nothing of HTTP. */
export const hangUpOf =
  (reply: FastifyReply) =>
  (listener: () => void): void =>
    onHangUp(reply, listener);
