import type { Clock } from '../../../src/domain/ports.ts';
import { beforeAll } from '../../../src/domain/stream-id.ts';
import type { Backlogs } from '../../../src/log/contract.ts';
import { newSampledBacklogs, type Sample } from '../../../src/log/door/sampled-backlogs.ts';
import type { Wire } from '../wire.ts';
import type { PartitionState } from './partition-state.ts';
import { countUpTo } from './places.ts';
import type { ServerState } from './server-state.ts';

export interface MemoryBacklogsOptions {
  readonly server: ServerState;
  readonly wire: Wire;
  readonly clock: Clock;
}

export const newMemoryBacklogs = ({ server, wire, clock }: MemoryBacklogsOptions): Backlogs =>
  newSampledBacklogs({
    monotonicMs: clock.monotonicMs,
    sample: (partition) => wire.ask(`backlog of ${partition}`, () => sampleOf(server.stream(partition))),
  });

const sampleOf = ({ entries, added, position }: PartitionState): Sample => {
  const waiting = entries.length - countUpTo(entries, position ?? beforeAll);
  return { entries: waiting, read: position === undefined ? undefined : added - waiting, memoryUsed: 0 };
};
