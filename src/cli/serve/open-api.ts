import { commandRoutes } from '../../command/command-routes.ts';
import type { Config } from '../../config.ts';
import { partitionRule } from '../../domain/ids.ts';
import { stopServer } from '../../http/connection/stop-server.ts';
import { newReservationIds } from '../../http/identity/reservation-ids.ts';
import { atMostOncePerSecond } from '../../http/observe/at-most-once-per-second.ts';
import { opsRoutes } from '../../http/ops-routes.ts';
import { buildServer, type ServerOptions } from '../../http/server.ts';
import { traceRoutes } from '../../http/trace-routes.ts';
import { type ApiLog, openApiLog } from '../../log/redis-log.ts';
import { defaultStreamLimits, type StreamLimits } from '../../query/event-streams.ts';
import { queryRoutes } from '../../query/query-routes.ts';
import { readOnlyText } from '../../store/database/whereabouts.ts';
import type { Replica } from '../../store/open-replica.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { newWaitingReads, type WaitingReads } from '../../store/read/waiting-reads.ts';
import { observeAppender } from '../../telemetry/observe-appender.ts';
import { observeHttp } from '../../telemetry/observe-http.ts';
import { newNoteUnreadable, observeReader } from '../../telemetry/observe-rows.ts';
import type { ApiRole } from '../roles.ts';
import { realClock as clock, realRandom as random } from '../system.ts';
import { version } from '../version.ts';
import { countRefusals, newCountedReads, newManyCounter, watchWaiting } from './api-metrics.ts';
import { choosePartition } from './choose-partition.ts';
import { findOutcome, findOutcomes } from './find-outcomes.ts';
import { edgeOf, identityOf } from './identity-of.ts';
import { type ListenAddress, listenOn } from './listen.ts';
import { openReadReplica, replicaState } from './open-read-replica.ts';
import { degraded, ok, type PartCheck, type PartOptions, type ProcessPart, stateOf } from './part.ts';
import { prepareStreams } from './prepare-streams.ts';
import type { TelemetryViews } from './show-telemetry.ts';
import { watchDatabase } from './watch-database.ts';

export interface ApiOptions extends PartOptions {
  readonly roles: readonly ApiRole[];
  /** Whether the whole process is ready; answered on the API's port as on the ops port. */
  readonly ready: Parameters<typeof opsRoutes>[0]['ready'];
  /** Serves the telemetry of all processes of this machine on this port. */
  readonly views?: TelemetryViews;
}

/** How long requests in flight may take once the process stops; waits are answered at once. */
const graceMs = 10_000;
const poolSize = 10;

/** The HTTP API: commands, queries, or both on one port. */
export const openApi = async (options: ApiOptions): Promise<ProcessPart> => {
  const { config, logger, stopping, roles, telemetry } = options;
  const reads = newCountedReads(telemetry.registry, config);
  const replicaReads = newWaitingReads({ max: config.readsWaitingMax });
  const { store, replica, log } = await openServers(options, { reads, replicaReads });
  const waitingReads = { reads, replicaReads: replica && replicaReads };
  watchWaiting(telemetry.registry, config, { ...log, ...waitingReads });
  watchDatabase(telemetry.registry, 'api', store);
  const identity = identityOf(config, logger);
  const servers = { store, replica, log };
  const refusals = countRefusals(logger, telemetry.registry);
  const shared = { ...sharedOptions(options, servers), identity };
  const routes: ServerOptions['routes'] = [
    ...shownRoutes(options),
    ...(roles.includes('command')
      ? [
          commandRoutes({
            ...shared,
            ...commandOptions(options, servers),
            onRefused: refusals.onRefused,
            onManyAnswered: newManyCounter(telemetry.registry),
          }),
        ]
      : []),
    ...(roles.includes('query')
      ? [queryRoutes({ ...shared, ...queryOptions(options, servers), stopping })]
      : []),
  ];
  const documentation = { version, securitySchemes: identity.securitySchemes };
  const observer = observeHttp({ ...telemetry, slowMs: config.slowMs });
  const app = buildServer({ routes, logger, stopping, documentation, observer, ...edgeOf(config) });
  const port = await listenOn(app, placeOf(config));
  return {
    port,
    check: () => checkOf(options, servers),
    serverTimes: log.serverTimes,
    close: async () => {
      await stopServer(app, { graceMs });
      refusals.stop();
      await Promise.all([log.close(), store.close(), replica?.close()]);
    },
  };
};

const placeOf = ({ host, port, opsPort }: Config): ListenAddress => ({
  host,
  port,
  hostVariable: 'HOST',
  portVariable: 'PORT',
  ...(port === opsPort && { whenTaken: 'OPS_PORT of this process is the same, set one of them to another' }),
});

/** A command needs only Redis: it is accepted while MySQL is away. Reads need MySQL, and continue while Redis is away. */
const checkOf = async (
  { config, roles }: ApiOptions,
  { store, log, replica }: Servers,
): Promise<PartCheck> => {
  const isCommand = roles.includes('command');
  const isQuery = roles.includes('query');
  const [redis, mysql] = await Promise.all([stateOf(log.ping()), isQuery ? readingState(store) : ok]);
  const appends = log.canAppend(config.partitions) ? ok : 'not connected';
  const reading = replica && replicaState(replica);
  return {
    lines: {
      'api redis': redis,
      ...(isCommand && { 'api appends': appends }),
      ...(isQuery && { 'api mysql': mysql }),
      ...(reading !== undefined && { 'api replica': reading }),
    },
    roles: {
      ...(isCommand && { command: [redis, appends] }),
      ...(isQuery && { query: [mysql, redis === ok ? ok : degraded(redis), reading ?? ok] }),
    },
  };
};

/** Reads continue while nothing can be decided: they show the latest state there is. */
const readingState = async (store: Store): Promise<string> => {
  const state = await stateOf(store.ping());
  const { isReadOnly, server = 'its server' } = store.standing();
  return state === ok && isReadOnly ? degraded(readOnlyText(server)) : state;
};

const shownRoutes = ({ ready, stopping, views }: ApiOptions): ServerOptions['routes'] => [
  opsRoutes({ ready, stopping, ...(views && { metrics: views.metrics }) }),
  ...(views?.traces ? [traceRoutes(views.traces)] : []),
];

interface Servers {
  readonly store: Store;
  readonly replica: Replica | undefined;
  readonly log: ApiLog;
}

const openServers = async (
  options: ApiOptions,
  { reads, replicaReads }: { readonly reads: WaitingReads; readonly replicaReads: WaitingReads },
): Promise<Servers> => {
  const { config, logger, processId, stopping, pair } = options;
  const store = await openStore({
    url: config.databaseUrl,
    role: 'api',
    poolSize,
    leaseTtlMs: config.leaseTtlMs,
    clock,
    random,
    logger,
    check: pair.checkSession,
    reads,
  });
  await store.checkSchema();
  await store.agreePartitions({ partitions: config.partitions, rule: partitionRule });
  const log = await openApiLog({
    url: config.redisUrl,
    name: processId,
    logger,
    durability: config.durability,
    maxInFlight: config.appendsInFlightMax,
    maxWaiters: config.waitersMax,
    maxWatchers: config.streamsMax,
    lookUp: findOutcomes(store),
    check: pair.checkRedis,
    stopping,
  });
  await log.agreePartitions(config.partitions);
  await prepareStreams(options, { store, log });
  const replica = options.roles.includes('query')
    ? openReadReplica(options, { store, poolSize, reads: replicaReads })
    : undefined;
  return { store, replica, log };
};

const sharedOptions = ({ config }: ApiOptions, { log }: Servers) => ({
  partitions: config.partitions,
  reservationIds: newReservationIds({ keys: config.idKeys, nowMs: clock.nowMs, random }),
  backlogs: log.backlogs,
  outcomes: log.outcomes,
});

const commandOptions = (options: ApiOptions, servers: Servers) => ({
  appender: observeAppender(servers.log.appender, {
    ...options.telemetry,
    appendsInFlightMax: options.config.appendsInFlightMax,
    onRefused: atMostOncePerSecond((why, unlogged) =>
      options.logger.warn({ why, unlogged }, 'appends are refused: these requests are not on the stream'),
    ),
  }),
  keys: servers.log.requestKeys,
  keyOnRecord: servers.store.keyOnRecord,
  lookUp: findOutcome(servers.store),
  boards: servers.log.boards,
  closings: servers.log.boards,
  backlogLimits: backlogLimitsOf(options.config),
  requireKeys: options.config.requireKeys,
  clock,
  random,
  choosePartition: choosePartition({
    store: servers.store,
    partitions: options.config.partitions,
    random,
    clock,
  }),
});

const queryOptions = (
  { config, telemetry: { registry }, logger }: ApiOptions,
  { store, replica, log }: Servers,
) => {
  const note = newNoteUnreadable({ registry, logger });
  return {
    reader: observeReader(store.reader, note),
    replica: replica && observeReader(replica.reader, note),
    tail: log.tail,
    watches: log.outcomes,
    streamLimits: streamLimitsOf(config),
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
