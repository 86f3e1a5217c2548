import { type Config, isLoopback } from '../../config.ts';
import type { Liveness, Readiness } from '../../http/ops-routes.ts';
import { newLogger } from '../../telemetry/logger.ts';
import { metricList } from '../../telemetry/metrics/metric-list.ts';
import { openTelemetry, type Telemetry, type TelemetryOptions } from '../../telemetry/open-telemetry.ts';
import { sampleRegularly } from '../../telemetry/sample-regularly.ts';
import { type ClockWatchOptions, watchClock } from '../../telemetry/watch-clock.ts';
import { examineServers } from '../doctor/examine.ts';
import { acceptedText, judgeStart } from '../doctor/judge-start.ts';
import { newPairGuard } from '../pair/guard-pair.ts';
import { type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { readConfig } from '../read-config.ts';
import { neededBy, type Role } from '../roles.ts';
import { listenForStop, untilAborted } from '../stop-signal.ts';
import { realClock as clock, newProcessId } from '../system.ts';
import { version } from '../version.ts';
import type { ApiOptions } from './build-api.ts';
import { openApi } from './open-api.ts';
import { openOps } from './open-ops.ts';
import { openProjector } from './open-projector.ts';
import { type Opening, openWhenWarm } from './open-when-warm.ts';
import { degraded, ok, type PartOptions, type ProcessPart } from './part.ts';
import { readinessOf } from './readiness.ts';
import { showTelemetry } from './show-telemetry.ts';
import { warmRoles } from './warm-roles.ts';

/** Runs the named roles in this process until it is stopped. Resolves to the exit code. */
export const serve = async (roles: readonly Role[], environment: NodeJS.ProcessEnv): Promise<ExitCode> => {
  const config = readConfig(environment, neededBy(roles));
  if (!config) return exitCodes.wrong;
  return await serveRoles(new Set(roles), config, listenForStop(environment));
};

const serveRoles = async (
  roles: ReadonlySet<Role>,
  config: Config,
  stopping: AbortSignal,
): Promise<ExitCode> => {
  const logger = newLogger({ level: config.logLevel, roles: [...roles] });
  const processId = newProcessId();
  let opening: Opening | undefined;
  try {
    const risks = await acceptedRisks({ config, logger });
    const telemetry = await openTelemetry(telemetryOptions(config, { roles, processId }));
    const pair = newPairGuard({ ...config, logger, clock, onWrittenBack: counting(telemetry) });
    telemetry.registry.gauge(metricList.pairRefused, () => [{ value: pair.isRefused() ? 1 : 0 }]);
    const options = { config, logger, processId, stopping, telemetry, pair };
    const showing = { telemetry, roles: [...roles].join(' ') };
    const views = showTelemetry({ ...showing, peers: config.opsPeers });
    const ready = async () => {
      const checks = await Promise.all(opening?.parts().map((part) => part.check()) ?? []);
      return readinessOf({ roles, checks, start: opening?.state() ?? 'starting', pair: pair.state(), risks });
    };
    const live = () => livenessOf(opening?.parts() ?? []);
    const ops = await openOps(options, { ready, live, ...showTelemetry({ ...showing, peers: [] }) });
    opening = openWhenWarm({
      settlePair: async () => (await pair.settle(stopping)) !== undefined,
      warmUp: config.warmUpMs > 0 ? () => warmRoles(roles, options) : undefined,
      openParts: () => openParts(roles, options, { ready, ...(mayShowViews(config) && { views }) }),
      stopping,
    });
    if (await opening.opened) {
      const port = opening.parts().flatMap((part) => part.port ?? [])[0];
      const { host, durability } = config;
      logger.info({ host, port, opsPort: ops.port, promise: promises[durability] }, 'ready');
    }
    await untilAborted(stopping);
    logger.info({}, 'stopping');
    await Promise.all(opening.parts().map((part) => part.close()));
    await Promise.all([ops.close(), telemetry.close()]);
    logger.info({}, 'stopped');
    return exitCodes.done;
  } catch (error) {
    process.stderr.write(`onsale: ${error instanceof Error ? error.message : String(error)}\n`);
    // Connections that were opened before the failure would keep the process alive.
    process.exit(1);
  }
};

/** Traces and metrics of all processes on the API's port: only where strangers cannot reach it, or headers are trusted anyway. */
const mayShowViews = (config: Config): boolean =>
  config.opsPeers.length > 0 && (config.auth === 'local' || isLoopback(config));

const counting = ({ registry }: Telemetry): (() => void) => {
  const writtenBack = registry.counter(metricList.pairWrittenBack);
  return () => {
    writtenBack.value += 1;
  };
};

const telemetryOptions = (
  config: Config,
  { roles, processId }: { readonly roles: ReadonlySet<Role>; readonly processId: string },
): TelemetryOptions => ({
  environment: process.env,
  version,
  roles: [...roles].join(' '),
  processId,
  sampler: config.tracesSampler,
  ratio: config.tracesRatio,
  slowMs: config.slowMs,
  viewedTraces: config.tracesViewed,
});

const promises = {
  disk: 'a 202 means: on disk in Redis (a fail-over may lose the last moments)',
  replicated: 'a 202 means: on disk in Redis and acknowledged by a replica',
} as const;

const openParts = async (
  roles: ReadonlySet<Role>,
  options: PartOptions,
  shown: Pick<ApiOptions, 'ready' | 'views'>,
): Promise<readonly ProcessPart[]> => {
  const apiRoles = (['command', 'query'] as const).filter((role) => roles.has(role));
  const parts = [
    ...(roles.has('projector') ? [await openProjector(options)] : []),
    ...(apiRoles.length > 0 ? [await openApi({ ...options, ...shown, roles: apiRoles })] : []),
  ];
  const serverTimes = parts.flatMap((part) => part.serverTimes ?? [])[0];
  return [...parts, ...(serverTimes ? [openClockWatch(options, serverTimes)] : [])];
};

/** The accepted risks of the servers, as text. Throws when this process must not start on them. */
const acceptedRisks = async ({
  config,
  logger,
}: Pick<PartOptions, 'config' | 'logger'>): Promise<Readiness['details']> => {
  const { lines, away } = await examineServers(config);
  if (away[0] !== undefined) throw new Error(away[0]);
  const verdict = judgeStart(lines, config.acceptRisk);
  if (verdict.type === 'refused') throw new Error(verdict.text);
  if (verdict.accepted.length === 0) return {};
  const text = acceptedText(verdict.accepted);
  logger.warn({ risks: text }, 'started at the risk named in ONSALE_ACCEPT_RISK');
  return { 'accepted risks': text };
};

/** Whether all open parts are alive. A process that is still starting is alive. */
const livenessOf = (parts: readonly ProcessPart[]): Liveness => {
  const details = Object.assign({}, ...parts.map((part) => part.stuck?.() ?? {}));
  return { ok: Object.keys(details).length === 0, details };
};

const clockEveryMs = 1_000;

/** Watches the clock of this process while it runs: it may jump at any time. */
const openClockWatch = (
  { config, logger, telemetry: { registry } }: PartOptions,
  serverTimes: ClockWatchOptions['serverTimes'],
): ProcessPart => {
  const watch = watchClock({ registry, logger, clock, serverTimes, limitMs: limitMsOf(config) });
  const stop = sampleRegularly('the clock of Redis', { everyMs: clockEveryMs, sample: watch.sample, logger });
  return {
    check: async () => {
      const state = watch.state();
      if (state.type === 'unknown') return { lines: {} };
      if (state.type === 'same') return { lines: { clock: ok } };
      return { lines: { clock: state.isHarmful ? state.text : degraded(state.text) } };
    },
    close: async () => stop(),
  };
};

/** Decisions follow Redis' clock, not ours. Tokens are judged by ours, within their tolerance, and ids and logs carry its time. */
const limitMsOf = ({ auth, jwtClockToleranceSeconds }: Config): number =>
  auth === 'jwt' ? Math.max(1, jwtClockToleranceSeconds) * 1_000 : 30_000;
