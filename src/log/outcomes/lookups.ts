import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Logger } from '../../domain/ports.ts';

/** Reads an outcome from the tables; undefined when they have none yet. */
export type OutcomeLookup = (id: RequestId) => Promise<Outcome | undefined>;

export interface LookupsOptions {
  readonly lookUp: OutcomeLookup;
  readonly logger: Logger;
  /**
   * Whether anything still listens for the id. A look-up may wait in a queue, and the outcome may have
   * arrived meanwhile.
   */
  readonly isAwaited: (id: RequestId) => boolean;
  readonly onFound: (id: RequestId, outcome: Outcome) => void;
  readonly atOnce?: number;
}

const atOnceDefault = 32;

/** Reads outcomes from the tables, a limited number at once: after a reconnect all listeners need one at the same moment. */
export const newLookups = (options: LookupsOptions): { readonly ask: (id: RequestId) => void } => {
  const { lookUp, logger, isAwaited, onFound, atOnce = atOnceDefault } = options;
  const queue = new Set<RequestId>();
  let running = 0;

  const lookUpOne = async (id: RequestId): Promise<void> => {
    try {
      const outcome = await lookUp(id);
      if (outcome) onFound(id, outcome);
    } catch (error) {
      logger.debug({ id, error }, 'could not look up an outcome in the tables');
    }
  };

  const work = async (): Promise<void> => {
    running += 1;
    for (const id of queue) {
      queue.delete(id);
      if (isAwaited(id)) await lookUpOne(id);
    }
    running -= 1;
  };

  return {
    ask: (id) => {
      queue.add(id);
      if (running < atOnce) void work();
    },
  };
};
