import { partitionRule } from '../domain/ids.ts';
import { compete } from '../lease/compete.ts';
import { redisLeases } from '../lease/redis-leases.ts';
import { redisMembers } from '../lease/redis-members.ts';
import { closeConnection, connect } from '../log/connect.ts';
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
  const redis = await connect({ ...server, kind: 'control' });
  const subscriber = await connect({ ...server, kind: 'subscriber' });
  const competitor = compete({
    id,
    partitions,
    ttlMs,
    leases: redisLeases({ redis, clock, partitions, ttlMs, projectorId: id }),
    members: redisMembers({ redis, subscriber, clock, ttlMs }),
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
      await Promise.all([closeConnection(redis), closeConnection(subscriber), log.close(), store.close()]);
    },
  };
};
