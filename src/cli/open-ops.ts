import { type OpsOptions, opsRoutes } from '../http/ops-routes.ts';
import { buildServer } from '../http/server.ts';
import { stopServer } from '../http/stop-server.ts';
import { traceRoutes } from '../http/trace-routes.ts';
import type { PartOptions } from './part.ts';
import type { TelemetryViews } from './show-telemetry.ts';

/** /livez, /readyz and /metrics on the process's own port, whatever its roles. */
export const openOps = async (
  { config, logger, stopping }: PartOptions,
  { metrics, traces, ...probes }: Pick<OpsOptions, 'ready' | 'live'> & TelemetryViews,
): Promise<{ readonly close: () => Promise<void> }> => {
  const routes = [
    opsRoutes({ ...probes, stopping, metrics }),
    // This process's alone, for the one that shows them all.
    ...(traces ? [traceRoutes(traces)] : []),
  ];
  const app = buildServer({ routes, logger, stopping });
  await app.listen({ host: config.host, port: config.opsPort });
  return { close: () => stopServer(app, { graceMs: 1_000 }) };
};
