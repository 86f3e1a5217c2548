import { beforeAll } from '../../src/domain/stream-id.ts';
import type { PartitionLog, ReadRequest } from '../../src/log/contract.ts';
import { fullRenewedEveryMs } from '../../src/projector/boards.ts';
import type { ProjectorDependencies } from '../../src/projector/dependencies.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { untilAborted } from './timeline.ts';

interface World extends Pick<ProjectorDependencies, 'onTakenOver'> {
  readonly log?: Partial<PartitionLog>;
  readonly store?: Partial<PartitionStore>;
  readonly partition?: number;
}

export const turns = 4;

/**
 * Works a partition for a few turns of two seconds each, so that every maintenance task is due in every turn.
 */
export const workTurns = async ({ log, store, partition = 0, onTakenOver }: World) => {
  const said: string[] = [];
  const noted: string[] = [];
  const errors: unknown[] = [];
  const pausesMs: number[] = [];
  const reads: ReadRequest[] = [];
  const calls = { pages: 0 };
  let nowMs = 0;
  let left = turns;
  const turnEnds = async (): Promise<void> => {
    nowMs += 2_000;
    left -= 1;
    if (left === 0) running.stop();
  };
  const say = (of: object, message: string): void => {
    said.push(message);
    if ('err' in of) errors.push(of.err);
  };
  const memory = newMemoryStore().store;
  const running = partitionWorker({
    log: {
      read: async (request) => {
        reads.push(request);
        return { type: 'read', entries: [], nowMs: 0, lastDelivered: beforeAll };
      },
      waitForEntries: turnEnds,
      lift: async () => 'current',
      compareClaim: async () => 'same',
      noteClaim: async () => {},
      trim: async () => {},
      publish: async () => {},
      boardsServer: () => 'server',
      markBoardsComplete: async () => {},
      markBoardsIncomplete: async () => {},
      ...log,
    },
    store: {
      ...memory,
      ledgersOfPartition: async (...asked) => {
        calls.pages += 1;
        return await memory.ledgersOfPartition(...asked);
      },
      ...store,
    },
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: async (ms, signal) => {
        if (ms === fullRenewedEveryMs) await untilAborted(signal);
        else if (ms > 0) {
          pausesMs.push(ms);
          await turnEnds();
        }
      },
    },
    random: () => 0.5,
    logger: { debug: () => {}, info: (_, message) => void noted.push(message), warn: say, error: say },
    ...(onTakenOver && { onTakenOver }),
    settings: { projectorId: 'test', batchMax: 10 },
  })({ partition, token: 'ours' }, () => true);
  await running.ended;
  return { said, noted, errors, pausesMs, reads, boardsWritten: calls.pages };
};
