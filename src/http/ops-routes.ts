import type { FastifyPluginAsync } from 'fastify';

export interface Readiness {
  readonly ok: boolean;
  /** Something is not as it should be, and its work is done all the same. */
  readonly isDegraded?: boolean;
  /** One line a dependency or role: what it is and how it stands. */
  readonly details: Readonly<Record<string, string>>;
}

export interface OpsOptions {
  readonly ready: () => Promise<Readiness>;
  readonly stopping: AbortSignal;
  /** Whether the work of this process goes on. Asks nobody: a database that is away must not get it restarted. */
  readonly live?: () => Readiness;
  /** The answer to a scrape. Left out where this server has none. */
  readonly metrics?: (accept: string | undefined) => Promise<Scrape>;
}

export interface Scrape {
  readonly contentType: string;
  readonly text: string;
}

/** /livez: the process works. /readyz: it can do its work, and is not stopping. /metrics: how it does. */
export const opsRoutes =
  ({ ready, stopping, live = alive, metrics }: OpsOptions): FastifyPluginAsync =>
  async (app) => {
    const schema = { hide: true };
    // Of this moment, good or bad.
    app.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'no-store');
      done();
    });
    app.get('/livez', { schema }, async (_request, reply) => {
      const { ok, details } = live();
      return reply.code(ok ? 200 : 503).send(ok ? { status: 'ok' } : { status: 'stuck', details });
    });
    app.get('/readyz', { schema }, async (_request, reply) => {
      if (stopping.aborted) return reply.code(503).send({ status: 'stopping', details: {} });
      const { ok, isDegraded = false, details } = await ready().catch(notReady);
      const working = isDegraded ? 'degraded' : 'ok';
      return reply.code(ok ? 200 : 503).send({ status: ok ? working : 'not-ready', details });
    });
    if (metrics)
      app.get('/metrics', { schema }, async (request, reply) => {
        const { contentType, text } = await metrics(request.headers.accept);
        // Bytes, so that fastify adds nothing to the type.
        return reply.header('content-type', contentType).send(Buffer.from(text));
      });
  };

/** Whoever answers is alive. */
const alive = (): Readiness => ({ ok: true, details: {} });

const notReady = (error: unknown): Readiness => ({
  ok: false,
  details: { check: error instanceof Error ? error.message : String(error) },
});
