import { commandRoutes } from '../../command/command-routes.ts';
import type { Config } from '../../config.ts';
import { newReservationIds } from '../../http/identity/reservation-ids.ts';
import { atMostOncePerSecond } from '../../http/observe/at-most-once-per-second.ts';
import { opsRoutes } from '../../http/ops-routes.ts';
import { buildServer, type ServerOptions } from '../../http/server.ts';
import { traceRoutes } from '../../http/trace-routes.ts';
import type { ApiLog } from '../../log/redis-log.ts';
import { defaultStreamLimits, type StreamLimits } from '../../query/event-streams.ts';
import { queryRoutes } from '../../query/query-routes.ts';
import type { Replica } from '../../store/open-replica.ts';
import type { Store } from '../../store/open-store.ts';
import { observeAppender } from '../../telemetry/observe-appender.ts';
import { observeHttp } from '../../telemetry/observe-http.ts';
import { newNoteUnreadable, observeReader } from '../../telemetry/observe-rows.ts';
import type { ApiRole } from '../roles.ts';
import { realClock as clock, realRandom as random } from '../system.ts';
import { version } from '../version.ts';
import { countRefusals, newManyCounter } from './api-metrics.ts';
import { choosePartition } from './choose-partition.ts';
import { findOutcome } from './find-outcomes.ts';
import { edgeOf, identityOf } from './identity-of.ts';
import { pairTag } from './pair-tag.ts';
import type { PartOptions } from './part.ts';
import type { TelemetryViews } from './show-telemetry.ts';

export interface ApiOptions extends Pick<PartOptions, 'config' | 'logger' | 'stopping'> {
  readonly telemetry: Pick<PartOptions['telemetry'], 'registry' | 'tracer'>;
  readonly roles: readonly ApiRole[];
  /** Whether the whole process is ready; answered on the API's port as on the ops port. */
  readonly ready: Parameters<typeof opsRoutes>[0]['ready'];
  /** Serves the telemetry of all processes of this machine on this port. */
  readonly views?: TelemetryViews;
}

/** What the routes need of the two servers: connections, or constants while the process warms up. */
export interface ApiPorts {
  readonly store: Pick<
    Store,
    'keyOnRecord' | 'knownRequest' | 'openShowsByPartition' | 'reader' | 'feed' | 'standings'
  >;
  readonly replica?: Pick<Replica, 'reader'> | undefined;
  readonly log: Pick<
    ApiLog,
    'appender' | 'backlogs' | 'boards' | 'outcomes' | 'requestKeys' | 'signals' | 'tail'
  >;
}

export interface Api {
  readonly app: ReturnType<typeof buildServer>;
  /** Ends what runs beside requests. */
  readonly stop: () => void;
}

/** The HTTP API over these ports. It does not listen yet. */
export const buildApi = (options: ApiOptions, ports: ApiPorts): Api => {
  const { config, logger, stopping, roles, telemetry } = options;
  const identity = identityOf(config, logger);
  const refusals = countRefusals(logger, telemetry.registry);
  const shared = { ...sharedOptions(options, ports), identity };
  const routes: ServerOptions['routes'] = [
    ...shownRoutes(options),
    ...(roles.includes('command')
      ? [
          commandRoutes({
            ...shared,
            ...commandOptions(options, ports),
            onRefused: refusals.onRefused,
            onManyAnswered: newManyCounter(telemetry.registry),
          }),
        ]
      : []),
    ...(roles.includes('query')
      ? [queryRoutes({ ...shared, ...queryOptions(options, ports), stopping })]
      : []),
  ];
  const documentation = { version, securitySchemes: identity.securitySchemes };
  const observer = observeHttp({ ...telemetry, slowMs: config.slowMs });
  const app = buildServer({ routes, logger, stopping, documentation, observer, ...edgeOf(config) });
  return { app, stop: refusals.stop };
};

const shownRoutes = ({ ready, stopping, views }: ApiOptions): ServerOptions['routes'] => [
  opsRoutes({ ready, stopping, ...(views && { metrics: views.metrics }) }),
  ...(views?.traces ? [traceRoutes(views.traces)] : []),
];

const sharedOptions = ({ config }: ApiOptions, { log }: ApiPorts) => ({
  partitions: config.partitions,
  reservationIds: newReservationIds({ keys: config.idKeys, nowMs: clock.nowMs, random }),
  backlogs: log.backlogs,
  outcomes: log.outcomes,
});

const commandOptions = (options: ApiOptions, { store, log }: ApiPorts) => ({
  appender: observeAppender(log.appender, {
    ...options.telemetry,
    appendsInFlightMax: options.config.appendsInFlightMax,
    onRefused: atMostOncePerSecond((why, unlogged) =>
      options.logger.warn({ why, unlogged }, 'appends are refused: these requests are not on the stream'),
    ),
  }),
  keys: log.requestKeys,
  keyOnRecord: store.keyOnRecord,
  lookUp: findOutcome(store),
  boards: log.boards,
  closings: log.boards,
  backlogLimits: backlogLimitsOf(options.config),
  requireKeys: options.config.requireKeys,
  clock,
  random,
  choosePartition: choosePartition({
    store,
    partitions: options.config.partitions,
    random,
    clock,
  }),
});

const queryOptions = (
  { config, telemetry: { registry }, logger }: ApiOptions,
  { store, replica, log }: ApiPorts,
) => {
  const note = newNoteUnreadable({ registry, logger });
  return {
    reader: observeReader(store.reader, note),
    replica: replica && observeReader(replica.reader, note),
    tail: log.tail,
    watches: log.outcomes,
    streamLimits: streamLimitsOf(config),
    feed: {
      reader: store.feed,
      signals: log.signals,
      partitions: config.partitions,
      pair: pairTag(store),
      followersMax: config.feedFollowersMax,
    },
    clock,
  };
};

const streamLimitsOf = ({ streamsMax, streamsPerCustomer, streamsPerAddress }: Config): StreamLimits => ({
  ...defaultStreamLimits,
  max: streamsMax,
  perCustomer: streamsPerCustomer,
  perAddress: streamsPerAddress ?? Math.max(1, Math.floor(streamsMax / 4)),
});

const backlogLimitsOf = (config: Config) => ({
  entries: config.backlogEntriesMax,
  waitSeconds: config.backlogWaitSecondsMax,
  memoryUsed: config.redisMemoryShareMax,
});
