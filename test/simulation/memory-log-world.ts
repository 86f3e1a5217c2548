import { encodeEntry } from '../../src/log/wire/codec.ts';
import type { LogWorld } from '../contract/log-world.ts';
import { lookUpEach } from '../log/look-up-each.ts';
import { newMemoryLogServer } from './memory-log.ts';
import { newVirtualClock } from './virtual-clock.ts';
import { newCalmWire } from './wire.ts';

const startedMs = 1_700_000_000_000;

/**
 * Time passes by itself, as on a real server but faster: it advances between any two turns of the event loop.
 */
export const newMemoryWorld = async (): Promise<LogWorld> => {
  const clock = newVirtualClock();
  const holders = new Map<number, string>();
  const server = newMemoryLogServer({
    nowMs: () => startedMs + clock.nowMs(),
    partitions: 16,
    holder: (partition) => holders.get(partition),
  });
  let look: Parameters<LogWorld['tables']>[0] = async () => undefined;
  let connection = 1;
  const wire = { ...newCalmWire(), connection: () => connection };
  const process = server.connect({
    wire,
    clock,
    lookUp: lookUpEach((id) => look(id)),
    retentionMs: 50,
    maxWaiters: 3,
    maxWatchers: 3,
    freshMs: 0,
  });
  let closed = false;
  const flying = (async () => {
    while (!closed) await clock.advance(5);
  })();
  return {
    ...process,
    log: process.partitionLog,
    unheardRead: server.connect({ wire, clock }).partitionLog.read,
    reconnect: async () => {
      connection += 1;
    },
    tables: (next) => {
      look = next;
    },
    setLease: async (partition, token) => {
      holders.set(partition, token);
    },
    idsOf: async (partition) => server.entries(partition).map(({ streamId }) => streamId),
    appendAt: async (partition, id, request) => {
      server.appendRaw(partition, encodeEntry(request), id);
    },
    appendRaw: async (partition, fields) => server.appendRaw(partition, fields),
    goBack: async (partition, id) => server.goBack(partition, id),
    dropGroup: async (partition) => server.dropGroup(partition),
    loseAll: async () => server.loseAll(),
    until: async (condition) => {
      const limitMs = clock.nowMs() + 5_000;
      while (clock.nowMs() < limitMs) {
        if (await condition()) return true;
        await clock.sleep(5);
      }
      return false;
    },
    close: async () => {
      process.close();
      closed = true;
      await flying;
    },
  };
};
