import type { FastifyReply } from 'fastify';

/**
 * Calls back when the client has hung up or is answered. Calls back at once if it has hung up already,
 * because `close` is emitted only once, perhaps while the client was being identified. This works because a
 * request begins only in its turn (in-turn.ts); before its turn no event would come.
 */
export const onHangUp = ({ raw, request }: FastifyReply, listener: () => void): void => {
  if (raw.destroyed) {
    listener();
    return;
  }
  raw.once('close', listener);
  // The body of a GET is discarded: an unread body that fills the buffer would keep Node from noticing that
  // the client leaves.
  if (request.method === 'GET' || request.method === 'HEAD') request.raw.resume();
};

/** `onHangUp` for one client, for code that does not depend on HTTP. */
export const hangUpOf =
  (reply: FastifyReply) =>
  (listener: () => void): void =>
    onHangUp(reply, listener);

/**
 * `hangUpOf` for a call that many listen to: the connection has one listener, because Node takes more than ten
 * for a leak.
 */
export const sharedHangUpOf = (reply: FastifyReply): ReturnType<typeof hangUpOf> => {
  const listeners: (() => void)[] = [];
  let hasLeft = false;
  onHangUp(reply, () => {
    hasLeft = true;
    for (const listener of listeners.splice(0)) listener();
  });
  return (listener) => {
    if (hasLeft) listener();
    else listeners.push(listener);
  };
};
