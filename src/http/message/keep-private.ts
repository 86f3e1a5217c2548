import type { FastifyReply } from 'fastify';

/**
 * For an answer that depends on the caller: a shared cache must not store it, and the caller's own cache must
 * revalidate it before each use.
 */
export const keepPrivate = (reply: FastifyReply): FastifyReply => {
  const vary = reply.getHeader('vary');
  return reply
    .header('cache-control', 'private, no-cache')
    .header('vary', vary === undefined ? whoAsks : `${vary}, ${whoAsks}`);
};

const whoAsks = 'Authorization, X-Customer-Id';
