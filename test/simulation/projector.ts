import { type Competitor, compete, competeAfter } from '../../src/lease/compete.ts';
import { introduce } from '../../src/projector/introduce.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import type { Machine } from './machine.ts';
import { openDatabase } from './open-database.ts';
import type { Settings } from './plan.ts';
import type { SeededRandom } from './seeded-random.ts';
import { redisWire, type Servers } from './servers.ts';
import { silent } from './silent.ts';

/** A projector process: the production code of leases and of the loop. */
export interface Projector {
  readonly machine: Machine;
  readonly competitor: Competitor;
}

export interface ProcessOptions {
  readonly settings: Settings;
  readonly random: SeededRandom;
  readonly servers: Servers;
}

export const startProjector = (machine: Machine, options: ProcessOptions): Projector => {
  const { settings, servers } = options;
  const { partitions, leaseTtlMs: ttlMs, batchMax, retentionMs } = settings;
  const { name: id, clock } = machine;
  const random = options.random.fork(id).next;
  // Leases have a connection of their own, as in production.
  const control = servers.redis.wireOf(machine, redisWire);
  const wire = servers.redis.wireOf(machine, redisWire);
  const { partitionLog, liveClaims } = servers.log.connect({ wire, clock, retentionMs });
  const { store, rollCall } = openDatabase(machine, 'projector', { ...options, random });
  const world = { clock, random, logger: silent };
  const start = () =>
    compete({
      ...world,
      id,
      partitions,
      ttlMs,
      leases: servers.leases.leases(id, control, clock),
      members: servers.leases.members(control, clock),
      worker: partitionWorker({
        ...world,
        log: partitionLog,
        store,
        settings: { projectorId: id, batchMax },
      }),
    });
  const introduction = { ...world, ...rollCall, liveClaims, projectorId: id, partitions, leaseTtlMs: ttlMs };
  const competitor = competeAfter(introduce(introduction, new AbortController().signal), start);
  return { machine, competitor };
};
