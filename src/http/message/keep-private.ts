import type { FastifyReply } from 'fastify';

/** For an answer that depends on who asks: no cache of several people keeps it, and one's own asks before it shows it again. */
export const keepPrivate = (reply: FastifyReply): FastifyReply => {
  const vary = reply.getHeader('vary');
  return reply
    .header('cache-control', 'private, no-cache')
    .header('vary', vary === undefined ? whoAsks : `${vary}, ${whoAsks}`);
};

const whoAsks = 'Authorization, X-Customer-Id';
