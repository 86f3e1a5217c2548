import type { FastifyPluginAsync } from 'fastify';

export interface Readiness {
  readonly ok: boolean;
  /** One line a dependency or role: what it is and how it stands. */
  readonly details: Readonly<Record<string, string>>;
}

export interface OpsOptions {
  readonly ready: () => Promise<Readiness>;
  readonly stopping: AbortSignal;
}

/** /livez: the process answers. /readyz: it can do its work, and is not stopping. */
export const opsRoutes =
  ({ ready, stopping }: OpsOptions): FastifyPluginAsync =>
  async (app) => {
    const schema = { hide: true };
    app.get('/livez', { schema }, async () => ({ status: 'ok' }));
    app.get('/readyz', { schema }, async (_request, reply) => {
      if (stopping.aborted) return reply.code(503).send({ status: 'stopping', details: {} });
      const { ok, details } = await ready().catch(notReady);
      return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'not-ready', details });
    });
  };

const notReady = (error: unknown): Readiness => ({
  ok: false,
  details: { check: error instanceof Error ? error.message : String(error) },
});
