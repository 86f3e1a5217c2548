import type { SeededRandom } from './seeded-random.ts';

/**
 * The only thing that moves in a simulated run: a queue of what happens when, in virtual time. Between two happenings
 * everything that follows from the first one in memory has come to rest.
 */
export interface Scheduler {
  /** Virtual ms since the run began. */
  nowMs(): number;
  /** Returns how to call it off. */
  after(ms: number, run: () => void): () => void;
  /** Lets things happen until `done`, or until nothing is left to happen or `untilMs` has come. */
  run(done: () => boolean, untilMs: number): Promise<'done' | 'idle' | 'late'>;
  /** How many things have happened. */
  happened(): number;
}

interface ScheduledEvent {
  readonly atMs: number;
  /** Decides what comes first of two things at the same time. */
  readonly tie: number;
  run: (() => void) | undefined;
}

const isBefore = (a: ScheduledEvent, b: ScheduledEvent): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie);

/** A binary heap, the earliest on top. */
const newQueue = () => {
  const heap: ScheduledEvent[] = [];
  const swap = (i: number, j: number, a: ScheduledEvent, b: ScheduledEvent): void => {
    heap[i] = b;
    heap[j] = a;
  };
  const rise = (from: number): void => {
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1;
      const [child, parent] = [heap[at], heap[above]];
      if (!child || !parent || !isBefore(child, parent)) return;
      swap(at, above, child, parent);
      at = above;
    }
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const [first, second] = [heap[left], heap[left + 1]];
      const least = first && second && isBefore(second, first) ? left + 1 : left;
      const [top, below] = [heap[at], heap[least]];
      if (!top || !below || !isBefore(below, top)) return;
      swap(at, least, top, below);
      at = least;
    }
  };
  return {
    top: () => heap[0],
    push: (happening: ScheduledEvent): void => {
      heap.push(happening);
      rise(heap.length - 1);
    },
    pop: (): ScheduledEvent | undefined => {
      const top = heap[0];
      const last = heap.pop();
      if (last && heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return top;
    },
  };
};

export const newScheduler = (random: SeededRandom): Scheduler => {
  const queue = newQueue();
  let nowMs = 0;
  let happened = 0;

  const after = (ms: number, run: () => void): (() => void) => {
    const happening: ScheduledEvent = { atMs: nowMs + Math.max(0, ms), tie: random.next(), run };
    queue.push(happening);
    return () => {
      happening.run = undefined;
    };
  };

  const step = (untilMs: number): 'happened' | 'idle' | 'late' => {
    for (;;) {
      const next = queue.top();
      if (!next) return 'idle';
      if (next.atMs > untilMs) return 'late';
      queue.pop();
      if (!next.run) continue;
      nowMs = next.atMs;
      happened += 1;
      next.run();
      return 'happened';
    }
  };

  return {
    nowMs: () => nowMs,
    after,
    happened: () => happened,
    run: (done, untilMs) =>
      new Promise((resolve, reject) => {
        // A tick asked for by a promise runs when every promise that can settle has settled: nothing else happens before. A
        // turn of the event loop would do the same and costs a look at the kernel each time.
        const nextTurn = (): void => process.nextTick(turn);
        const turn = (): void => {
          try {
            if (done()) return resolve('done');
            const stepped = step(untilMs);
            if (stepped !== 'happened') return resolve(stepped);
            // A turn of the event loop: every promise that can settle has settled before the next thing happens.
            queueMicrotask(nextTurn);
          } catch (error) {
            reject(error);
          }
        };
        turn();
      }),
  };
};
