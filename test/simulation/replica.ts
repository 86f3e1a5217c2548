import type { MemoryLeaseServer } from './memory-leases.ts';
import type { MemoryLogServer } from './memory-log.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Everything that Redis has at a moment. */
export interface RedisSnapshot {
  readonly log: ReturnType<MemoryLogServer['snapshot']>;
  readonly leases: ReturnType<MemoryLeaseServer['snapshot']>;
}

/** A replica of Redis, as far as WAIT and a fail-over show it. */
export interface Replica {
  /** WAIT 1: whether the replica has acknowledged everything that Redis has now, in time. */
  wait(): Promise<boolean>;
  /** Nothing reaches it for `ms`. */
  cut(ms: number): void;
  /** What it has acknowledged. */
  data(): RedisSnapshot;
  /** A new replica, with everything that Redis has now. */
  replace(): void;
}

/** As in src/log/append/append.ts. */
const waitMsMax = 1_000;
const lagMsMax = 4;

export interface ReplicaOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly snapshot: () => RedisSnapshot;
}

export const newReplica = ({ scheduler, random, snapshot }: ReplicaOptions): Replica => {
  let data = snapshot();
  let generation = 1;
  let cutUntilMs = 0;
  let [sentLast, arrivedLast] = [0, 0];
  return {
    wait: () =>
      new Promise((resolve) => {
        const [sent, sentTo] = [snapshot(), generation];
        sentLast += 1;
        const number = sentLast;
        const untilMs = scheduler.nowMs() + waitMsMax;
        const atMs = Math.max(cutUntilMs, scheduler.nowMs() + random.next() * lagMsMax);
        scheduler.after(atMs - scheduler.nowMs(), () => {
          if (generation !== sentTo) return;
          // What comes later has all that was before it.
          if (number > arrivedLast) [data, arrivedLast] = [sent, number];
          if (scheduler.nowMs() < untilMs) resolve(true);
        });
        scheduler.after(waitMsMax, () => resolve(false));
      }),
    cut: (ms) => {
      cutUntilMs = Math.max(cutUntilMs, scheduler.nowMs() + ms);
    },
    data: () => data,
    replace: () => {
      generation += 1;
      data = snapshot();
    },
  };
};
