import type { Redis } from 'ioredis';
import { newDeferred } from '../../shared/deferred.ts';

/** Waits until a replica has acknowledged appends. Never rejects. */
export interface ReplicaWait {
  /** Covers everything that this turn of the event loop sends. */
  readonly ofTurn: Promise<boolean>;
  /** Sends one WAIT after the turn's last append: WAIT covers everything that this connection wrote before it. */
  readonly sendAfterTurn: () => void;
  /** Sends a WAIT after an append that was sent again. The WAIT of the turn went out before, so it does not cover that. */
  readonly sendAfterRepeat: () => Promise<boolean>;
}

/** `replicaMs`: how long to wait for a replica. */
export const newReplicaWait = (redis: Redis, replicaMs: number): ReplicaWait => {
  const { promise, resolve } = newDeferred<boolean>();
  const ask = async (): Promise<boolean> => {
    try {
      return Number(await redis.call('wait', 1, replicaMs)) >= 1;
    } catch {
      return false;
    }
  };
  return {
    ofTurn: promise,
    sendAfterTurn: () => void ask().then(resolve),
    sendAfterRepeat: ask,
  };
};
