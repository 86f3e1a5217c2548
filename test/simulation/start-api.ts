import { findOutcome, findOutcomes } from '../../src/cli/serve/find-outcomes.ts';
import { newReservationIds } from '../../src/http/identity/reservation-ids.ts';
import { claimFirst } from '../../src/log/append/claim-first.ts';
import type { Api } from './api.ts';
import type { Machine } from './machine.ts';
import { openDatabase } from './open-database.ts';
import type { ProcessOptions } from './projector.ts';
import { redisWire } from './servers.ts';

/** An API process over wires of its own. */
export const startApi = (machine: Machine, { settings, servers, random: source }: ProcessOptions): Api => {
  const { clock } = machine;
  const random = source.fork(machine.name).next;
  const { store, reader, keyOnRecord } = openDatabase(machine, 'api', { settings, servers, random });
  const log = servers.log.connect({
    wire: servers.redis.wireOf(machine, redisWire),
    clock,
    lookUp: findOutcomes({ partitionStore: store }),
    ...(settings.durability && { durability: settings.durability }),
  });
  return {
    machine,
    reader,
    tail: log.tail,
    watches: log.outcomes,
    options: {
      partitions: settings.partitions,
      reservationIds: newReservationIds({ keys: ['a key of the simulation'], nowMs: clock.nowMs, random }),
      // With several partitions, each partition and each key may be on a server of its own, as in a cluster.
      appender: settings.partitions > 1 ? claimFirst(log.appender, log.requestKeys) : log.appender,
      boards: log.boards,
      closings: log.boards,
      backlogs: log.backlogs,
      backlogLimits: { entries: 1_000, waitSeconds: 600, memoryUsed: 1 },
      requireKeys: false,
      outcomes: log.outcomes,
      keys: log.requestKeys,
      keyOnRecord,
      lookUp: findOutcome({ knownRequest: async (id) => (await store.known([id])).get(id) }),
      clock,
      random,
      onRefused: () => {},
      onManyAnswered: () => {},
    },
  };
};
