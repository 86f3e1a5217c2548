import type { Redis } from 'ioredis';
import { keysOf } from '../keys.ts';
import { type ListeningOptions, newListening, type OpenOutcomes } from './listening.ts';
import { newSubscriptions } from './subscriptions.ts';

export interface OutcomesOptions extends Omit<ListeningOptions, 'subscribe'> {
  /** A `subscriber` connection of its own. */
  readonly redis: Redis;
  readonly sweepMs?: number;
}

/** Waits and watches on the outcome channels of Redis. */
export const newOutcomes = ({ redis, sweepMs, ...options }: OutcomesOptions): OpenOutcomes =>
  newListening({
    ...options,
    subscribe: (subscriber) =>
      newSubscriptions({
        ...subscriber,
        redis,
        channelOf: (partition) => keysOf(partition).outcomes,
        ...(sweepMs !== undefined && { sweepMs }),
      }),
  });
