import type { Config } from '../../config.ts';
import { partitionRule } from '../../domain/ids.ts';
import { stopServer } from '../../http/connection/stop-server.ts';
import { type ApiLog, openApiLog } from '../../log/redis-log.ts';
import { readOnlyText } from '../../store/database/whereabouts.ts';
import type { Replica } from '../../store/open-replica.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { newWaitingReads, type WaitingReads } from '../../store/read/waiting-reads.ts';
import { realClock as clock, realRandom as random } from '../system.ts';
import { newCountedReads, watchWaiting } from './api-metrics.ts';
import { type ApiOptions, buildApi } from './build-api.ts';
import { findOutcomes } from './find-outcomes.ts';
import { type ListenAddress, listenOn } from './listen.ts';
import { openReadReplica, replicaState } from './open-read-replica.ts';
import { degraded, ok, type PartCheck, type PartOptions, type ProcessPart, stateOf } from './part.ts';
import { prepareStreams } from './prepare-streams.ts';
import { watchDatabase } from './watch-database.ts';

type ApiPart = PartOptions & ApiOptions;

/** How long requests in flight may take once the process stops; waits are answered at once. */
const graceMs = 10_000;
const poolSize = 10;

/** The HTTP API: commands, queries, or both on one port. */
export const openApi = async (options: ApiPart): Promise<ProcessPart> => {
  const { config, telemetry } = options;
  const reads = newCountedReads(telemetry.registry, config);
  const replicaReads = newWaitingReads({ max: config.readsWaitingMax });
  const servers = await openServers(options, { reads, replicaReads });
  const { store, replica, log } = servers;
  const waitingReads = { reads, replicaReads: replica && replicaReads };
  watchWaiting(telemetry.registry, config, { ...log, ...waitingReads });
  watchDatabase(telemetry.registry, 'api', store);
  const { app, stop } = buildApi(options, servers);
  const port = await listenOn(app, placeOf(config));
  return {
    port,
    check: () => checkOf(options, servers),
    serverTimes: log.serverTimes,
    close: async () => {
      await stopServer(app, { graceMs });
      stop();
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
const checkOf = async ({ config, roles }: ApiPart, { store, log, replica }: Servers): Promise<PartCheck> => {
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

interface Servers {
  readonly store: Store;
  readonly replica: Replica | undefined;
  readonly log: ApiLog;
}

const openServers = async (
  options: ApiPart,
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
