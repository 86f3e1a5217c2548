import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Logger } from '../../domain/ports.ts';

/** Asks the tables; undefined when they hold no outcome yet. */
export type OutcomeLookup = (id: RequestId) => Promise<Outcome | undefined>;

export interface LookupsOptions {
  readonly lookUp: OutcomeLookup;
  readonly logger: Logger;
  /** Whether anybody still listens for it: a look takes its turn, and by then the outcome may have come. */
  readonly isAwaited: (id: RequestId) => boolean;
  readonly onFound: (id: RequestId, outcome: Outcome) => void;
  readonly atOnce?: number;
}

const atOnceDefault = 32;

/** Looks into the tables, a bounded number at once: after a reconnect every listener wants one in the same moment. */
export const newLookups = (options: LookupsOptions): { readonly ask: (id: RequestId) => void } => {
  const { lookUp, logger, isAwaited, onFound, atOnce = atOnceDefault } = options;
  const queue = new Set<RequestId>();
  let running = 0;

  const lookUpOne = async (id: RequestId): Promise<void> => {
    try {
      const outcome = await lookUp(id);
      if (outcome) onFound(id, outcome);
    } catch (error) {
      logger.debug({ id, error }, 'could not look for an outcome in the tables');
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
