import type { SeededRandom } from './seeded-random.ts';

/**
 * The event queue of a simulated run, in virtual time. Nothing else drives the run. Before the next event
 * happens, everything that follows from the previous one in memory has settled.
 */
export interface Scheduler {
  /** Virtual ms since the run began. */
  nowMs(): number;
  /** Schedules `run`. Returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs events until `done` holds, no event is left, or `untilMs` is reached. */
  run(done: () => boolean, untilMs: number): Promise<'done' | 'idle' | 'late'>;
  /** Number of events so far. */
  happened(): number;
}

interface ScheduledEvent {
  readonly atMs: number;
  /** Random; decides the order of two events at the same time. */
  readonly tie: number;
  run: (() => void) | undefined;
}

const isBefore = (a: ScheduledEvent, b: ScheduledEvent): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie);

/** A binary heap with the earliest event on top. */
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
        // A tick requested from a promise callback runs after every promise that can settle has settled;
        // nothing else happens before it. A turn of the event loop would do the same, but costs a system call
        // each time.
        const nextTurn = (): void => process.nextTick(turn);
        const turn = (): void => {
          try {
            if (done()) return resolve('done');
            const stepped = step(untilMs);
            if (stepped !== 'happened') return resolve(stepped);
            // Through a microtask and a tick, every promise that can settle has settled before the next
            // event.
            queueMicrotask(nextTurn);
          } catch (error) {
            reject(error);
          }
        };
        turn();
      }),
  };
};
