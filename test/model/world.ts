import type { RequestId } from '../../src/domain/ids.ts';
import { type Outcome, outcomeId } from '../../src/domain/outcome.ts';
import { beforeAll } from '../../src/domain/stream-id.ts';
import type { PartitionLog, ReadEntry } from '../../src/log/contract.ts';
import type { Memory } from '../../src/projector/memory.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import type { Reading } from '../../src/projector/reading.ts';
import { settle } from '../../src/projector/settle.ts';
import { ownPartition } from '../projector/own-partition.ts';
import { type MemoryStore, newMemoryStore } from './memory-store.ts';

/** The production projector over this store, and a log that only records. */
export interface World extends MemoryStore {
  readonly owned: () => OwnedPartition;
  /** The latest published outcome of each reservation and show. */
  readonly published: () => ReadonlyMap<RequestId, Outcome>;
  /**
   * Settles these entries, read at this time. If they were all there were, the holds that are due by then
   * lapse as well.
   */
  readonly settle: (
    entries: readonly ReadEntry[],
    readMs: number,
    look?: { readonly isFull: boolean },
  ) => Promise<void>;
  /** Another projector takes over and knows only what is committed. */
  readonly handOver: () => Promise<void>;
}

interface WorldOptions {
  readonly batchMax: number;
  readonly newStore?: () => MemoryStore;
  readonly memory?: Memory | undefined;
}

const nothing = (): void => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const quietLog = (listen: (outcomes: readonly Outcome[]) => void): PartitionLog => ({
  read: () => Promise.reject(new Error('entries are handed in')),
  waitForEntries: async () => {},
  lift: async () => 'current',
  compareClaim: async () => 'same',
  noteClaim: async () => {},
  trim: async () => {},
  publish: async ({ outcomes }) => listen(outcomes),
  boardsServer: () => 'server',
  markBoardsComplete: async () => {},
  markBoardsIncomplete: async () => {},
});

const readingOf = (entries: readonly ReadEntry[], nowMs: number, isBacklog: boolean): Reading => ({
  entries,
  nowMs,
  lastDelivered: beforeAll,
  isBacklog,
});

const settleAll = async (owned: OwnedPartition, reading: Reading): Promise<void> => {
  for (let rest: Reading | undefined = reading; rest; rest = owned.rest) {
    owned.rest = undefined;
    const verdict = await settle(owned, rest);
    if (verdict.type === 'retry') throw verdict.error;
    if (verdict.type === 'idle') return;
    if (verdict.type !== 'committed' && verdict.type !== 'halved')
      throw new Error(`settled with ${verdict.type}`);
    if (rest.entries.length === 0) owned.rest = rest;
  }
};

export const newWorld = async ({
  batchMax,
  newStore = newMemoryStore,
  memory,
}: WorldOptions): Promise<World> => {
  const tables = newStore();
  const published = new Map<RequestId, Outcome>();
  const dependencies = {
    store: tables.store,
    log: quietLog((outcomes) => {
      for (const outcome of outcomes) published.set(outcomeId(outcome), outcome);
    }),
    clock: { nowMs: () => 0, monotonicMs: () => 0, sleep: async () => {} },
    random: () => 0.5,
    logger: silent,
    settings: { projectorId: 'model', batchMax },
  };
  const own = () => ownPartition(dependencies, { partition: 0, token: 'model' }, memory);
  let owned = await own();
  return {
    ...tables,
    owned: () => owned,
    published: () => published,
    settle: async (entries, readMs, { isFull } = { isFull: false }) => {
      published.clear();
      if (entries.length > 0) await settleAll(owned, readingOf(entries, readMs, isFull));
      // A read that leaves nothing on the stream. A read without entries is never full.
      if (!isFull || entries.length === 0) await settleAll(owned, readingOf([], readMs, false));
    },
    handOver: async () => {
      owned = await own();
    },
  };
};
