import { partitionOf, type RequestId } from '../domain/ids.ts';
import type { Outcome } from './contract.ts';

export interface Waiter {
  readonly id: RequestId;
  readonly settle: (outcome: Outcome | undefined) => void;
}

/** Who waits for what: by request, and counted by partition. */
export interface Waiters {
  readonly size: () => number;
  add(waiter: Waiter): void;
  remove(waiter: Waiter): void;
  has(id: string): boolean;
  isWanted(partition: number): boolean;
  idsOf(partition: number): readonly RequestId[];
  /** Settles all that wait for `id`; each removes itself. */
  tell(id: string, outcome: Outcome): void;
  endAll(): void;
}

export const newWaiters = (): Waiters => {
  const byId = new Map<string, Set<Waiter>>();
  const idsByPartition = new Map<number, Set<RequestId>>();
  let size = 0;

  const add = (waiter: Waiter): void => {
    size += 1;
    const waiting = byId.get(waiter.id);
    if (waiting) {
      waiting.add(waiter);
      return;
    }
    byId.set(waiter.id, new Set([waiter]));
    const partition = partitionOf(waiter.id);
    const ids = idsByPartition.get(partition);
    if (ids) ids.add(waiter.id);
    else idsByPartition.set(partition, new Set([waiter.id]));
  };

  const forget = (id: RequestId): void => {
    byId.delete(id);
    const partition = partitionOf(id);
    const ids = idsByPartition.get(partition);
    ids?.delete(id);
    if (ids?.size === 0) idsByPartition.delete(partition);
  };

  const remove = (waiter: Waiter): void => {
    const waiting = byId.get(waiter.id);
    if (!waiting?.delete(waiter)) return;
    size -= 1;
    if (waiting.size === 0) forget(waiter.id);
  };

  return {
    size: () => size,
    add,
    remove,
    has: (id) => byId.has(id),
    isWanted: (partition) => idsByPartition.has(partition),
    idsOf: (partition) => [...(idsByPartition.get(partition) ?? [])],
    tell: (id, outcome) => {
      for (const waiter of byId.get(id) ?? []) waiter.settle(outcome);
    },
    endAll: () => {
      for (const waiting of byId.values()) for (const waiter of waiting) waiter.settle(undefined);
    },
  };
};
