import { partitionOf, type RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';

/** A waiter or watcher for `id`: a waiter receives one outcome, a watcher all of them. */
export interface Listener {
  readonly kind: 'waiter' | 'watcher';
  readonly id: RequestId;
  /** Called with an outcome that was published or found in the tables. */
  readonly deliver: (outcome: Outcome) => void;
  /** The subscription is active from now on. Returns whether the tables have to be read for earlier outcomes. */
  readonly onSubscribed: () => boolean;
  /** No more outcomes will come. Removes the listener. */
  readonly end: () => void;
}

/** All listeners, by id and by partition. */
export interface Listeners {
  readonly count: (kind: Listener['kind']) => number;
  add(listener: Listener): void;
  remove(listener: Listener): void;
  has(id: string): boolean;
  isWanted(partition: number): boolean;
  deliver(id: string, outcome: Outcome): void;
  /** The ids of the partition to look up in the tables, now that its subscription is active. */
  onSubscribed(partition: number): readonly RequestId[];
  /** Ends all listeners of one kind, or all. */
  end(kind?: Listener['kind']): void;
}

export const newListeners = (): Listeners => {
  const byId = new Map<string, Set<Listener>>();
  const idsByPartition = new Map<number, Set<RequestId>>();
  const counts = { waiter: 0, watcher: 0 };

  const add = (listener: Listener): void => {
    counts[listener.kind] += 1;
    const { id } = listener;
    const listening = byId.get(id);
    if (listening) {
      listening.add(listener);
      return;
    }
    byId.set(id, new Set([listener]));
    const ids = idsByPartition.get(partitionOf(id));
    if (ids) ids.add(id);
    else idsByPartition.set(partitionOf(id), new Set([id]));
  };

  const removeId = (id: RequestId): void => {
    byId.delete(id);
    const partition = partitionOf(id);
    const ids = idsByPartition.get(partition);
    ids?.delete(id);
    if (ids?.size === 0) idsByPartition.delete(partition);
  };

  const remove = (listener: Listener): void => {
    const listening = byId.get(listener.id);
    if (!listening?.delete(listener)) return;
    counts[listener.kind] -= 1;
    if (listening.size === 0) removeId(listener.id);
  };

  /** A copy, because a listener that is called may add or remove listeners. */
  const listenersOf = (id: string): readonly Listener[] => [...(byId.get(id) ?? [])];

  return {
    count: (kind) => counts[kind],
    add,
    remove,
    has: (id) => byId.has(id),
    isWanted: (partition) => idsByPartition.has(partition),
    deliver: (id, outcome) => {
      for (const listener of listenersOf(id)) listener.deliver(outcome);
    },
    onSubscribed: (partition) =>
      [...(idsByPartition.get(partition) ?? [])].filter(
        // `some` would stop at the first that missed something, but every listener has to be called.
        (id) => listenersOf(id).filter((listener) => listener.onSubscribed()).length > 0,
      ),
    end: (kind) => {
      const listening = [...byId.keys()].flatMap(listenersOf);
      for (const listener of listening) if (kind === undefined || listener.kind === kind) listener.end();
    },
  };
};
