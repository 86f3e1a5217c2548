import type { Clock } from '../../../src/domain/ports.ts';
import type { PartitionLog, PartitionTask } from '../../../src/log/contract.ts';
import { newExpectingRead } from '../../../src/log/expecting-read.ts';
import { sealMs } from '../../../src/log/seal-boards.ts';
import type { Retention } from '../../../src/log/trim.ts';
import type { Wire } from '../wire.ts';
import { newMemoryDoorbell } from './doorbell.ts';
import { liftStream } from './lift-stream.ts';
import type { PartitionState } from './partition-state.ts';
import { newMemoryPublish } from './publish.ts';
import { readEntries } from './read-entries.ts';
import type { ServerState } from './server-state.ts';
import { trimStream } from './trim-stream.ts';

export interface MemoryPartitionLogOptions extends Retention {
  readonly server: ServerState;
  readonly wire: Wire;
  readonly clock: Clock;
}

/** What a projector does to the streams of a server in memory. */
export const newMemoryPartitionLog = (options: MemoryPartitionLogOptions): PartitionLog => {
  const { server, wire } = options;
  return {
    read: newRead(server, wire),
    waitForEntries: newMemoryDoorbell(options),
    lift: ({ watermark, ...task }) =>
      wire.ask(`lift ${task.partition}`, () =>
        asOwner(server, task, 'lease-lost', (stream) => liftStream(stream, watermark)),
      ),
    trim: ({ watermark, ...task }) =>
      wire.ask(`trim ${task.partition}`, () => {
        const trimming = { ...options, watermark, nowMs: server.nowMs() };
        asOwner(server, task, undefined, (stream) => trimStream(stream, trimming));
      }),
    publish: newMemoryPublish(server, wire),
    sealBoards: (task) =>
      wire.ask(`seal ${task.partition}`, () =>
        asOwner(server, task, undefined, (stream) => {
          stream.seal = { text: '1', endsMs: server.nowMs() + sealMs };
        }),
      ),
    unsealBoards: (task) =>
      wire.ask(`unseal ${task.partition}`, () =>
        asOwner(server, task, undefined, (stream) => {
          stream.seal = undefined;
        }),
      ),
  };
};

const newRead = (server: ServerState, wire: Wire): PartitionLog['read'] =>
  newExpectingRead((request) =>
    wire.ask(`read ${request.partition}`, () =>
      asOwner(server, request, { type: 'lease-lost' as const }, (stream) => {
        const { entries, position } = readEntries(stream, request);
        return { type: 'read' as const, entries, nowMs: server.nowMs(), lastDelivered: position };
      }),
    ),
  );

type Owner = Omit<PartitionTask, 'watermark'>;

/** What every script begins with: nothing happens without the current lease. */
const asOwner = <Done, Refused>(
  server: ServerState,
  { partition, leaseToken }: Owner,
  refused: Refused,
  effect: (stream: PartitionState) => Done,
): Done | Refused => (server.holder(partition) === leaseToken ? effect(server.stream(partition)) : refused);
