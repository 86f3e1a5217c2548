import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Logger } from '../../domain/ports.ts';

/** Reads outcomes from the tables, with as few statements for many ids as for one. Those that have none yet are left out. */
export type OutcomeLookup = (ids: readonly RequestId[]) => Promise<ReadonlyMap<RequestId, Outcome>>;

export interface LookupsOptions {
  readonly lookUp: OutcomeLookup;
  readonly logger: Logger;
  /**
   * Whether anything still listens for the id. A look-up may wait in a queue, and the outcome may have
   * arrived meanwhile.
   */
  readonly isAwaited: (id: RequestId) => boolean;
  readonly onFound: (id: RequestId, outcome: Outcome) => void;
}

/** Half of what a projector looks up with one statement. */
const groupMax = 1_000;
/** More would delay the reads of other clients: after a reconnect all listeners need a look-up at the same moment. */
const groupsAtOnceMax = 2;

/**
 * Reads outcomes from the tables in groups: the ids that are asked for in one turn of the event loop, or while as many
 * groups as may be are being read.
 */
export const newLookups = (options: LookupsOptions): { readonly ask: (id: RequestId) => void } => {
  const { lookUp, logger, isAwaited, onFound } = options;
  const queue = new Set<RequestId>();
  let running = 0;

  const nextGroup = (): readonly RequestId[] => {
    const group: RequestId[] = [];
    for (const id of queue) {
      if (group.length >= groupMax) break;
      queue.delete(id);
      if (isAwaited(id)) group.push(id);
    }
    return group;
  };

  const lookUpGroup = async (group: readonly RequestId[]): Promise<void> => {
    try {
      for (const [id, outcome] of await lookUp(group)) onFound(id, outcome);
    } catch (error) {
      logger.debug({ ids: group.length, error }, 'could not look up outcomes in the tables');
    }
  };

  const work = async (): Promise<void> => {
    running += 1;
    // Until all of this turn have asked.
    await Promise.resolve();
    while (queue.size > 0) {
      const group = nextGroup();
      if (group.length > 0) await lookUpGroup(group);
    }
    running -= 1;
  };

  return {
    ask: (id) => {
      queue.add(id);
      if (running < groupsAtOnceMax) void work();
    },
  };
};
