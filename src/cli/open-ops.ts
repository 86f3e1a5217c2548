import { type OpsOptions, opsRoutes } from '../http/ops-routes.ts';
import { buildServer } from '../http/server.ts';
import { stopServer } from '../http/stop-server.ts';
import type { PartOptions } from './part.ts';

/** /livez and /readyz on the process's own port, whatever its roles. */
export const openOps = async (
  { config, logger, stopping }: PartOptions,
  ready: OpsOptions['ready'],
): Promise<{ readonly close: () => Promise<void> }> => {
  const app = buildServer({ routes: [opsRoutes({ ready, stopping })], logger, stopping });
  await app.listen({ host: config.host, port: config.opsPort });
  return { close: () => stopServer(app, { graceMs: 1_000 }) };
};
