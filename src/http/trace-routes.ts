import type { FastifyPluginAsync } from 'fastify';

export interface TraceViews {
  /** HTML; undefined when the trace asked for is not kept. */
  readonly page: (id: string | undefined) => Promise<string | undefined>;
  /** All kept spans, as JSON. */
  readonly json: () => Promise<string>;
}

interface OneTrace {
  Params: { id: string };
}

/**
 * /traces: the latest traces, for a person at this machine. The page contains no script, and its policy would
 * not run one.
 */
export const traceRoutes =
  ({ page, json }: TraceViews): FastifyPluginAsync =>
  async (app) => {
    const schema = { hide: true };
    const policy = "default-src 'none'; style-src 'unsafe-inline'";
    app.addHook('onRequest', (_request, reply, done) => {
      reply.header('content-security-policy', policy).header('cache-control', 'no-store');
      done();
    });
    app.get('/traces', { schema }, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(await page(undefined)),
    );
    app.get('/traces.json', { schema }, async (_request, reply) =>
      reply.type('application/json').send(await json()),
    );
    app.get<OneTrace>('/traces/:id', { schema }, async (request, reply) => {
      const found = await page(request.params.id);
      return reply
        .code(found === undefined ? 404 : 200)
        .type('text/html; charset=utf-8')
        .send(found ?? '<p>No such trace is kept. <a href="/traces">Those that are</a></p>');
    });
  };
