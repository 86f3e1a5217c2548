import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { callerOf, type Identity, requireCaller, requireCustomer } from '../../src/http/identity/identity.ts';
import { localIdentity } from '../../src/http/identity/local-identity.ts';
import { opsRoutes } from '../../src/http/ops-routes.ts';
import { buildServer, type ServerOptions } from '../../src/http/server.ts';
import { newReadableLog } from './token-issuer.ts';

const stopping = new AbortController().signal;
const ready = async () => ({ roles: { command: 'ok' as const }, details: {} });

/** GET /public, and GET and POST /mine for customers: enough for tests of what all routes share. */
const routes =
  (identity: Identity): FastifyPluginAsync =>
  async (app) => {
    app.get('/public', async () => ({ hello: 'world' }));
    app.get('/anybody', { onRequest: requireCaller(identity) }, async (request) => callerOf(request));
    const mine = { onRequest: requireCustomer(identity) };
    app.get('/mine', mine, async (request) => callerOf(request));
    app.post('/mine', mine, async (request) => callerOf(request));
  };

export const smallServer = ({
  identity = localIdentity,
  ...more
}: Partial<ServerOptions> & { readonly identity?: Identity } = {}): FastifyInstance =>
  buildServer({
    routes: [routes(identity), opsRoutes({ ready, stopping })],
    logger: newReadableLog().logger,
    stopping,
    ...more,
  });

/** Runs a test with a server, and closes the server. */
export const withServer = async (
  options: Parameters<typeof smallServer>[0],
  body: (app: FastifyInstance) => Promise<void>,
): Promise<void> => {
  const app = smallServer(options);
  try {
    await body(app);
  } finally {
    await app.close();
  }
};
