import type { Clock } from '../../../src/domain/ports.ts';
import type { PartitionLog } from '../../../src/log/contract.ts';
import { completeMarkMs } from '../../../src/log/partition/mark-boards.ts';
import type { Retention } from '../../../src/log/partition/trim.ts';
import type { Wire } from '../wire.ts';
import { asOwner } from './as-owner.ts';
import { newMemoryCompareClaim, newMemoryNoteClaim } from './claim-notes.ts';
import { newMemoryDoorbell } from './doorbell.ts';
import { liftStream } from './lift-stream.ts';
import { newMemoryPublish } from './publish.ts';
import { newMemoryRead } from './read.ts';
import type { ServerState } from './server-state.ts';
import { trimStream } from './trim-stream.ts';

export interface MemoryPartitionLogOptions extends Retention {
  readonly server: ServerState;
  readonly wire: Wire;
  readonly clock: Clock;
}

/** A projector's access to the streams of a server in memory. */
export const newMemoryPartitionLog = (options: MemoryPartitionLogOptions): PartitionLog => {
  const { server, wire } = options;
  return {
    read: newMemoryRead(server, wire),
    waitForEntries: newMemoryDoorbell(options),
    lift: ({ watermark, judgedMs, inFlightMax, ...task }) =>
      wire.ask(`lift ${task.partition}`, () =>
        asOwner(server, task, 'lease-lost', (stream) =>
          liftStream(stream, { watermark, judgedMs, inFlightMax, nowMs: server.nowMs() }),
        ),
      ),
    trim: ({ watermark, ...task }) =>
      wire.ask(`trim ${task.partition}`, () => {
        const trimming = { ...options, watermark, nowMs: server.nowMs() };
        asOwner(server, task, undefined, (stream) => trimStream(stream, trimming));
      }),
    compareClaim: newMemoryCompareClaim(server, wire),
    noteClaim: newMemoryNoteClaim(server, wire),
    publish: newMemoryPublish(server, wire),
    boardsServer: () => server.runId,
    markBoardsComplete: (task) => {
      const text = server.runId;
      return wire.ask(`seal ${task.partition}`, () =>
        asOwner(server, task, undefined, (stream) => {
          stream.seal = { text, endsMs: server.nowMs() + completeMarkMs };
        }),
      );
    },
    markBoardsIncomplete: ({ partition }) =>
      wire.ask(`unseal ${partition}`, () => {
        server.stream(partition).seal = undefined;
      }),
  };
};
