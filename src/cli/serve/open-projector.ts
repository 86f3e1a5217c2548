import { partitionRule } from '../../domain/ids.ts';
import { type Competitor, compete, competeAfter } from '../../lease/compete.ts';
import type { Leases, PartitionWorker } from '../../lease/contract.ts';
import { leaseScripts } from '../../lease/lease-server.ts';
import { redisLeases } from '../../lease/redis-leases.ts';
import { redisMembers } from '../../lease/redis-members.ts';
import { openNodes } from '../../log/cluster/open-nodes.ts';
import { cork } from '../../log/connection/cork.ts';
import type { NodeOf, RedisNodes } from '../../log/connection/nodes.ts';
import { claimKeptMs } from '../../log/partition/claim-notes.ts';
import { openProjectorLog, type ProjectorLog } from '../../log/redis-log.ts';
import type { ProjectorDependencies } from '../../projector/dependencies.ts';
import { introduce } from '../../projector/introduce.ts';
import { partitionWorker } from '../../projector/work-partition.ts';
import { sessionLimits } from '../../store/database/session-limits.ts';
import { readOnlyText } from '../../store/database/whereabouts.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { metricList } from '../../telemetry/metrics/metric-list.ts';
import { observeProjector, type ProjectorObserver } from '../../telemetry/observe-projector.ts';
import { newPulse } from '../../telemetry/pulse.ts';
import { realClock as clock, realRandom as random } from '../system.ts';
import { ok, type PartOptions, type ProcessPart, stateOf } from './part.ts';
import { prepareStreams } from './prepare-streams.ts';
import { watchDatabase } from './watch-database.ts';
import { watchMemory, watchProjector } from './watch-projector.ts';

/** The projector: competes for partitions and works on those it gets. */
export const openProjector = async (options: PartOptions): Promise<ProcessPart> => {
  const { config, logger, telemetry } = options;
  let onBack = (): void => undefined;
  const servers = await openServers(options, () => onBack());
  const { store, log, nodes } = servers;
  const ports = { log: log.partitionLog, store: store.partitionStore };
  const { worker, worked } = workerOver(options, ports);
  const limitMs = 3 * sessionLimits({ role: 'projector', leaseTtlMs: config.leaseTtlMs }).queryMs;
  const pulse = newPulse(worked, { limitMs, monotonicMs: clock.monotonicMs });
  const leases = noteFree(leasesOf(options, nodes), pulse.beat);
  const { competitor, state } = await startCompeting(options, servers, leases, worker);
  onBack = () => competitor.tryAgain();
  watchDatabase(telemetry.registry, 'projector', store);
  const stopWatching = watchProjector({
    config,
    logger,
    registry: telemetry.registry,
    store,
    nodeOf: nodes.control,
    worked,
    free: leases.lastFree,
  });
  return {
    stuck: pulse.stuck,
    check: async () => {
      const [redis, mysql] = await Promise.all([stateOf(log.ping()), committingState(store)]);
      const lines = {
        'projector redis': redis,
        'projector mysql': mysql,
        'projector versions':
          competitor.unable().length === 0 ? ok : 'entries of a newer version: upgrade projectors first',
        'projector database': state(),
      };
      return { lines, roles: { projector: Object.values(lines) } };
    },
    serverTimes: log.serverTimes,
    close: async () => {
      stopWatching();
      await competitor.stop();
      await Promise.all([nodes.close(), log.close(), store.close()]);
    },
  };
};

/** For readiness: where nothing can be committed, nothing is decided. */
const committingState = async (store: Store): Promise<string> => {
  const { refusal, isReadOnly, server = 'its server' } = store.standing();
  return refusal ?? (isReadOnly ? readOnlyText(server) : await stateOf(store.ping()));
};

interface Servers {
  readonly log: ProjectorLog;
  readonly store: Store;
  /** Connections of their own, so that a lease never waits for a batch that is being read. */
  readonly nodes: RedisNodes;
}

const openServers = async (options: PartOptions, onBack: () => void): Promise<Servers> => {
  const { config, logger, processId: name, telemetry, pair } = options;
  const { partitions, leaseTtlMs } = config;
  const server = { url: config.redisUrl, name, logger, check: pair.checkRedis };
  const retention = { retentionMs: config.retentionMs, maxEntries: config.retentionEntriesMax };
  const log = await openProjectorLog({ ...server, ...retention, claimKeptMs: claimKeptMs(leaseTtlMs) });
  const collisions = telemetry.registry.counter(metricList.transactionRetries);
  const store = await openStore({
    url: config.databaseUrl,
    role: 'projector',
    // One more than partitions that decide at a time: a sum of places may be running.
    poolSize: Math.min(partitions + 1, 8),
    leaseTtlMs,
    clock,
    random,
    logger,
    check: pair.checkSession,
    onConflict: () => {
      collisions.value += 1;
    },
    onBack,
  });
  await store.checkSchema();
  await store.agreePartitions({ partitions, rule: partitionRule });
  await log.agreePartitions(partitions);
  await prepareStreams(options, { store, log });
  return { log, store, nodes: await openNodes({ ...server, scripts: leaseScripts, onMoved: onBack }) };
};

/** Leases are renewed at the same moment, so that is one write to each server. */
const leasesOf = ({ config, processId }: PartOptions, { control }: RedisNodes): Leases => {
  const { partitions, leaseTtlMs: ttlMs } = config;
  const nodeOf: NodeOf = (key) => cork(control(key));
  return redisLeases({ nodeOf, clock, partitions, ttlMs, projectorId: processId });
};

type WorkerOptions = Pick<PartOptions, 'config' | 'logger' | 'processId'> & {
  readonly telemetry: Pick<PartOptions['telemetry'], 'registry' | 'tracer'>;
};

/** The loop over these ports, observed. */
export const workerOver = (
  { config, logger, processId, telemetry }: WorkerOptions,
  { log, store }: Pick<ProjectorDependencies, 'log' | 'store'>,
): { readonly worker: PartitionWorker; readonly worked: ProjectorObserver['worked'] } => {
  const observer = observeProjector({ ...telemetry, logger });
  const { worked } = observer;
  const worker = observer.worker(
    partitionWorker({
      log: observer.log(log),
      store: observer.store(store),
      clock,
      random,
      logger,
      onTakenOver: watchMemory(telemetry.registry, worked),
      settings: { projectorId: processId, batchMax: config.batchMax },
    }),
  );
  return { worker, worked };
};

interface Competition {
  readonly competitor: Competitor;
  /** Whether it competes, and whether all other projectors use the same database. */
  readonly state: () => string;
}

/** Joins the other projectors once it is known that they use the same database. */
const startCompeting = async (
  options: PartOptions,
  { log, nodes, store }: Servers,
  leases: Leases,
  worker: PartitionWorker,
): Promise<Competition> => {
  const { config, logger, processId: id, stopping, telemetry } = options;
  const { partitions, leaseTtlMs: ttlMs } = config;
  const subscriber = await nodes.openSubscriber();
  const members = redisMembers({ nodeOf: nodes.control, subscriber, clock, ttlMs });
  let strangers = false;
  const onStrangers = (now: boolean): void => {
    strangers = now;
  };
  const introduction = { ...log, ...store.rollCall, projectorId: id, partitions, leaseTtlMs: ttlMs };
  const introduced = introduce({ ...introduction, clock, random, logger, onStrangers }, stopping);
  const competitor = competeAfter(introduced, () =>
    compete({ id, partitions, ttlMs, leases, members, worker, clock, random, logger }),
  );
  const meetsStrangers = (): boolean => strangers || competitor.elsewhere().length > 0;
  telemetry.registry.gauge(metricList.twoDatabases, () => [{ value: meetsStrangers() ? 1 : 0 }]);
  return {
    competitor,
    state: () => {
      if (meetsStrangers()) return 'two-databases: partitions are worked from another database than this one';
      return competitor.hasBegun() ? 'ok' : 'finding out which database the other projectors use';
    },
  };
};

/** Keeps the partitions without an owner, as last sampled. Each sample also counts as a sign of life. */
const noteFree = (
  leases: Leases,
  beat: () => void,
): Leases & { readonly lastFree: () => readonly number[] } => {
  let last: readonly number[] = [];
  return {
    ...leases,
    free: async (except) => {
      beat();
      last = await leases.free(except);
      return last;
    },
    lastFree: () => last,
  };
};
