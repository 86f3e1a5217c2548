import type { Config } from '../../config.ts';
import { stopServer } from '../../http/connection/stop-server.ts';
import { type OpsOptions, opsRoutes } from '../../http/ops-routes.ts';
import { buildServer } from '../../http/server.ts';
import { traceRoutes } from '../../http/trace-routes.ts';
import { type ListenAddress, listenOn } from './listen.ts';
import type { PartOptions } from './part.ts';
import type { TelemetryViews } from './show-telemetry.ts';

/** /livez, /readyz and /metrics on the process's own port, whatever its roles. */
export const openOps = async (
  { config, logger, stopping }: PartOptions,
  { metrics, traces, ...probes }: Pick<OpsOptions, 'ready' | 'live'> & TelemetryViews,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> => {
  const routes = [
    opsRoutes({ ...probes, stopping, metrics, detailsFor: 'operators' }),
    // Only of this process: the process that shows all of them collects these.
    ...(traces ? [traceRoutes(traces)] : []),
  ];
  const app = buildServer({ routes, logger, stopping });
  const port = await listenOn(app, {
    ...opsPlaceOf(config),
    whenTaken: 'each process of a host needs an OPS_PORT of its own',
  });
  return { port, close: () => stopServer(app, { graceMs: 1_000 }) };
};

const opsPlaceOf = ({ host, opsHost, opsPort: port }: Config): ListenAddress => ({
  port,
  portVariable: 'OPS_PORT',
  ...(opsHost === '' ? { host, hostVariable: 'HOST' } : { host: opsHost, hostVariable: 'OPS_HOST' }),
});
