import type { RequestKey } from '../../src/domain/requests.ts';
import { beforeAll, type StreamId } from '../../src/domain/stream-id.ts';
import { showId } from '../domain/generate.ts';
import { requestOf } from '../log/requests.ts';
import type { MemoryLog, MemoryLogOptions } from './memory-log/connect.ts';
import { type MemoryLogServer, newMemoryLogServer } from './memory-log.ts';
import { type FaultyWire, newFaultyWire } from './memory-log-faulty-wire.ts';
import { newVirtualClock, type VirtualClock } from './virtual-clock.ts';

export const partition = 1;
export const leaseToken = 'owner:1';
export const show = showId(1, partition);
export const key: RequestKey = { hash: '0'.repeat(32), fingerprint: 'a'.repeat(32) };

export interface FaultyWorld {
  readonly clock: VirtualClock;
  readonly wire: FaultyWire;
  readonly server: MemoryLogServer;
  readonly log: MemoryLog;
  /** Sets the server's clock. */
  setServerMs(ms: number): void;
  append(...numbers: readonly number[]): Promise<readonly string[]>;
  read(
    reset: 'reset' | 'go on',
    watermark?: StreamId,
    count?: number,
  ): ReturnType<MemoryLog['partitionLog']['read']>;
}

export const newFaultyWorld = (options: Partial<MemoryLogOptions> = {}): FaultyWorld => {
  const clock = newVirtualClock();
  const wire = newFaultyWire();
  let serverMs = 5_000;
  const server = newMemoryLogServer({ nowMs: () => serverMs, partitions: 4, holder: () => leaseToken });
  const log = server.connect({ wire, clock, freshMs: 0, ...options });
  return {
    clock,
    wire,
    server,
    log,
    setServerMs: (ms) => {
      serverMs = ms;
    },
    append: async (...numbers) => {
      const ends: string[] = [];
      for (const n of numbers)
        ends.push((await log.appender.append(partition, requestOf(partition, n))).type);
      return ends;
    },
    read: (reset, watermark = beforeAll, count = 100) =>
      log.partitionLog.read({ partition, leaseToken, count, watermark, reset: reset === 'reset' }),
  };
};
