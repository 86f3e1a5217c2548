import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { sendProblem } from './problems/send-problem.ts';

/** Whether a role does its work; `degraded`: it does, but something is wrong. */
export type RoleState = 'ok' | 'degraded' | 'not-ready';

export interface Readiness {
  /** Of every role this process runs. */
  readonly roles: Readonly<Record<string, RoleState>>;
  /** One line for each dependency: what it is, and its state. May contain names of hosts and users. */
  readonly details: Readonly<Record<string, string>>;
}

/** Whether the work of this process goes on, and what has stopped of it. */
export interface Liveness {
  readonly ok: boolean;
  readonly details: Readonly<Record<string, string>>;
}

export interface OpsOptions {
  readonly ready: () => Promise<Readiness>;
  readonly stopping: AbortSignal;
  /**
   * Operators get the state of each dependency; other callers get only the states of the roles, without
   * addresses.
   */
  readonly detailsFor?: 'anybody' | 'operators';
  /** Calls no server: an unavailable database must not get the process restarted. */
  readonly live?: () => Liveness;
  /** The answer to a scrape. Left out where this server serves no metrics. */
  readonly metrics?: (accept: string | undefined) => Promise<Scrape>;
}

export interface Scrape {
  readonly contentType: string;
  readonly text: string;
}

/** /livez: the process works. /readyz: it can do some of its work, and is not stopping. /metrics: how it does. */
export const opsRoutes =
  ({ ready, stopping, detailsFor = 'anybody', live = alive, metrics }: OpsOptions): FastifyPluginAsync =>
  async (app) => {
    const schema = { hide: true };
    // The answer holds for this moment only.
    app.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'no-store');
      done();
    });
    app.get('/livez', { schema }, async (_request, reply) => {
      const { ok, details } = live();
      return reply.code(ok ? 200 : 503).send(ok ? { status: 'ok' } : { status: 'stuck', details });
    });
    app.get<Probe>('/readyz', { schema }, async (request, reply) => {
      if (stopping.aborted) return reply.code(503).send({ status: 'stopping' });
      const { roles, details } = await ready().catch(nothingKnown);
      const asked = [request.query.role ?? []].flat();
      const stranger = asked.find((role) => !Object.hasOwn(roles, role));
      if (stranger !== undefined && Object.keys(roles).length > 0) return refuse(reply, Object.keys(roles));
      const status = asked.length > 0 ? statusOfAll(asked, roles) : statusOfAny(Object.values(roles));
      return reply
        .code(status === 'not-ready' ? 503 : 200)
        .send({ status, roles, ...(detailsFor === 'operators' && { details }) });
    });
    if (metrics)
      app.get('/metrics', { schema }, async (request, reply) => {
        const { contentType, text } = await metrics(request.headers.accept);
        // Bytes, so that fastify adds nothing to the type.
        return reply.header('content-type', contentType).send(Buffer.from(text));
      });
  };

interface Probe {
  Querystring: { readonly role?: string | readonly string[] };
}

/** A load balancer that asks for a role needs all of that role to work. */
const statusOfAll = (asked: readonly string[], roles: Readiness['roles']): RoleState => {
  const states = asked.map((role) => roles[role] ?? 'not-ready');
  if (states.includes('not-ready')) return 'not-ready';
  return states.includes('degraded') ? 'degraded' : 'ok';
};

/**
 * A process that can do one of its roles stays in service. If it left because of the others, all processes of
 * its kind would leave too, and none would be left to answer clients.
 */
const statusOfAny = (states: readonly RoleState[]): RoleState => {
  if (states.every((state) => state === 'not-ready')) return 'not-ready';
  return states.every((state) => state === 'ok') ? 'ok' : 'degraded';
};

const refuse = (reply: FastifyReply, roles: readonly string[]): FastifyReply =>
  sendProblem(reply, {
    code: 'not-found',
    detail: `This process does not run that role. It runs: ${roles.join(', ')}.`,
  });

/** A process that answers is alive. */
const alive = (): Liveness => ({ ok: true, details: {} });

const nothingKnown = (error: unknown): Readiness => ({
  roles: {},
  details: { check: error instanceof Error ? error.message : String(error) },
});
