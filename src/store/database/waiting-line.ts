import type { WaitLimit } from '../../shared/wait-limit.ts';

export interface LineOptions {
  readonly size: number;
  /** How long a caller waits. */
  readonly limit: WaitLimit;
  readonly waitersMax: number;
}

/** A queue of callers that wait for an item, first come, first served. */
export interface WaitingLine<Item> {
  /** Rejects when no item came free in time, or when too many wait already. */
  readonly wait: () => Promise<Item>;
  readonly isEmpty: () => boolean;
  /** Returns whether a waiting caller took the item. */
  readonly give: (item: Item) => boolean;
  readonly failAll: (why: Error) => void;
}

interface Waiter<Item> {
  readonly give: (item: Item) => void;
  readonly fail: (why: Error) => void;
}

export const newWaitingLine = <Item>({ size, limit, waitersMax }: LineOptions): WaitingLine<Item> => {
  const waiters = new Set<Waiter<Item>>();
  return {
    wait: () => {
      if (waiters.size >= waitersMax)
        return Promise.reject(
          new Error(`${waitersMax} are waiting for one of ${size} database sessions already`),
        );
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          endWait();
          waiters.delete(waiter);
        };
        const waiter: Waiter<Item> = {
          give: (item) => {
            leave();
            resolve(item);
          },
          fail: (why) => {
            leave();
            reject(why);
          },
        };
        const late = `none of ${size} database sessions came free in time`;
        const endWait = limit.begin(() => waiter.fail(new Error(late)));
        waiters.add(waiter);
      });
    },
    isEmpty: () => waiters.size === 0,
    give: (item) => {
      for (const waiter of waiters) {
        waiter.give(item);
        return true;
      }
      return false;
    },
    failAll: (why) => {
      for (const waiter of waiters) waiter.fail(why);
    },
  };
};

/** Runs at most `size` works at once; the others wait in a queue. Rejects when the queue or the work does. */
export const newTurns = (options: LineOptions): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const line = newWaitingLine<'turn'>(options);
  let free = options.size;
  return async (work) => {
    if (free > 0) free -= 1;
    else await line.wait();
    try {
      return await work();
    } finally {
      if (!line.give('turn')) free += 1;
    }
  };
};
