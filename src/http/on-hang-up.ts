import type { FastifyReply } from 'fastify';

/**
 * Calls back when the client has hung up or is answered; at once when it has hung up already, because `close` is told
 * only once, and who they are may have taken a while to find out.
 */
export const onHangUp = ({ raw }: FastifyReply, listener: () => void): void => {
  if (raw.destroyed) listener();
  else raw.once('close', listener);
};
