import type { Redis } from 'ioredis';
import { newDeferred } from '../../shared/deferred.ts';

/** Whether a replica has what was appended. Never rejects. */
export interface ReplicaWait {
  /** For all that the turn sends at once. */
  readonly ofTurn: Promise<boolean>;
  /** Behind the last of it: WAIT speaks for everything this connection wrote before it, so one is enough. */
  readonly sendAfterTurn: () => void;
  /** For what had to be sent once more, behind that. The turn's own WAIT went out before, and knows nothing of it. */
  readonly sendAfterRepeat: () => Promise<boolean>;
}

/** `replicaMs` is how long a replica may take. */
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
