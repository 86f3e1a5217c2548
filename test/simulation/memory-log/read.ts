import type { PartitionLog } from '../../../src/log/contract.ts';
import { newExpectingRead } from '../../../src/log/partition/expecting-read.ts';
import type { Wire } from '../wire.ts';
import { asOwner } from './as-owner.ts';
import { readEntries } from './read-entries.ts';
import type { ServerState } from './server-state.ts';

export const newMemoryRead = (server: ServerState, wire: Wire): PartitionLog['read'] =>
  newExpectingRead({
    connectionOf: () => wire.connection(),
    ask: (request) =>
      wire.ask(`read ${request.partition}`, () =>
        asOwner(server, request, { type: 'lease-lost' as const }, (stream) => {
          const { entries, position } = readEntries(stream, { ...request, isUpgraded: server.isUpgraded });
          return { type: 'read' as const, entries, nowMs: server.nowMs(), lastDelivered: position };
        }),
      ),
  });
