import { partitionRule } from '../domain/ids.ts';
import { compete } from '../lease/compete.ts';
import { redisLeases } from '../lease/redis-leases.ts';
import { redisMembers } from '../lease/redis-members.ts';
import { openNodes } from '../log/open-nodes.ts';
import { openProjectorLog } from '../log/redis-log.ts';
import { partitionWorker } from '../projector/work-partition.ts';
import { openStore } from '../store/open-store.ts';
import { type Part, type PartOptions, stateOf } from './part.ts';
import { realClock as clock, realRandom as random } from './world.ts';

/** The projector: competes for partitions and works those it gets. */
export const openProjector = async (options: PartOptions): Promise<Part> => {
  const { config, logger, processId: id } = options;
  const { partitions, leaseTtlMs: ttlMs } = config;
  const server = { url: config.redisUrl, name: id, logger };
  const retention = { retentionMs: config.retentionMs, maxEntries: config.retentionEntriesMax };
  const log = await openProjectorLog({ ...server, ...retention });
  const store = await openStore({
    url: config.databaseUrl,
    role: 'projector',
    poolSize: Math.min(partitions, 8),
    leaseTtlMs: ttlMs,
    clock,
    random,
    logger,
  });
  await store.checkSchema();
  await store.agreePartitions({ partitions, rule: partitionRule });
  await log.agreePartitions(partitions);
  // Connections of their own, so that no lease waits behind a batch that is being read.
  const nodes = await openNodes(server);
  const subscriber = await nodes.openSubscriber();
  const nodeOf = nodes.control;
  const competitor = compete({
    id,
    partitions,
    ttlMs,
    leases: redisLeases({ nodeOf, clock, partitions, ttlMs, projectorId: id }),
    members: redisMembers({ nodeOf, subscriber, clock, ttlMs }),
    tenant: partitionWorker({
      log: log.partitionLog,
      store: store.partitionStore,
      clock,
      random,
      logger,
      settings: { projectorId: id, batchMax: config.batchMax },
    }),
    clock,
    random,
    logger,
  });
  return {
    check: async () => ({
      'projector redis': await stateOf(log.ping()),
      'projector versions':
        competitor.unable().length === 0 ? 'ok' : 'entries of a newer version: upgrade projectors first',
    }),
    close: async () => {
      await competitor.stop();
      await Promise.all([nodes.close(), log.close(), store.close()]);
    },
  };
};
