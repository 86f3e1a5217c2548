import type { FastifyInstance } from 'fastify';

/**
 * Takes no new connections and resolves when the requests in flight are answered; what is still open after `graceMs`
 * is cut. Abort the server's `stopping` signal first, or its waits are waited for.
 */
export const stopServer = async (
  app: FastifyInstance,
  { graceMs }: { readonly graceMs: number },
): Promise<void> => {
  // Node closes idle connections when closing begins, not those that become idle later.
  const idle = setInterval(() => app.server.closeIdleConnections(), 50);
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
};
