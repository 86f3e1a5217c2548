import type { PartitionLog } from '../../../src/log/contract.ts';
import { newExpectingRead } from '../../../src/log/expecting-read.ts';
import type { Wire } from '../wire.ts';
import { asOwner } from './as-owner.ts';
import { readEntries } from './read-entries.ts';
import type { ServerState } from './server-state.ts';

/**
 * Whether a read that wants to go on says `reconnected` when the connection is another one than at the last read. The log
 * on Redis never does: there only the position tells that the server went back.
 */
export type Reconnects = 'told' | 'unnoticed';

export interface MemoryReadOptions {
  readonly server: ServerState;
  readonly wire: Wire;
  readonly reconnects: Reconnects;
}

export const newMemoryRead = ({ server, wire, reconnects }: MemoryReadOptions): PartitionLog['read'] => {
  const connections = new Map<number, number>();
  const read = newExpectingRead((request) =>
    wire.ask(`read ${request.partition}`, () =>
      asOwner(server, request, { type: 'lease-lost' as const }, (stream) => {
        const { entries, position } = readEntries(stream, request);
        return { type: 'read' as const, entries, nowMs: server.nowMs(), lastDelivered: position };
      }),
    ),
  );
  if (reconnects === 'unnoticed') return read;
  return async (request) => {
    const connection = wire.connection();
    const before = connections.get(request.partition) ?? connection;
    connections.set(request.partition, connection);
    return before === connection || request.reset ? await read(request) : { type: 'reconnected' };
  };
};
