import { partitionOf, type RequestId } from '../../domain/ids.ts';
import type { Logger } from '../../domain/ports.ts';
import type { Outcomes, OutcomeWatch } from '../contract.ts';
import { decodeOutcomes } from '../wire/outcome-codec.ts';
import { type Listener, newListeners } from './listeners.ts';
import { newLookups, type OutcomeLookup } from './lookups.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';
import { newWait, type Timer } from './wait.ts';
import { newWatch } from './watch.ts';

export interface ListeningOptions {
  readonly subscribe: (subscriber: Subscriber) => Subscriptions;
  /** Asks the tables, for what was published while nobody listened. */
  readonly lookUp: OutcomeLookup;
  readonly logger: Logger;
  readonly maxWaiters?: number;
  readonly maxWatchers?: number;
  readonly timer?: Timer;
  /** Ends all waits when it is aborted, and lets no other begin; watches end by themselves. */
  readonly stopping?: AbortSignal;
}

export interface OpenOutcomes {
  readonly outcomes: Outcomes & OutcomeWatch;
  /** How many wait now, and how many watch, for the metrics. */
  readonly waiting: () => number;
  readonly watching: () => number;
  /** Ends all waits without an outcome, and all watches. */
  readonly stop: () => void;
}

const maxWaitersDefault = 20_000;
const maxWatchersDefault = 10_000;

/**
 * Waits and watches over the outcome channels; both are listeners of the same subscriptions. `wait` need not be awaited
 * before the append, even when it is the first of its partition and the SUBSCRIBE is still on its way: as soon as a
 * subscription stands, the tables are asked for all that wait on it. An outcome is committed before it is published, so
 * it is either in the tables by then or still to be published. That costs one look where a promise to wait for would
 * cost every first request a round trip.
 */
export const newListening = ({
  subscribe,
  lookUp,
  logger,
  maxWaiters = maxWaitersDefault,
  maxWatchers = maxWatchersDefault,
  timer,
  stopping,
}: ListeningOptions): OpenOutcomes => {
  const listeners = newListeners();
  const lookups = newLookups({ lookUp, logger, isAwaited: listeners.has, onFound: listeners.deliver });
  const subscriptions = subscribe({
    isWanted: listeners.isWanted,
    onSubscribed: (partition) => listeners.onSubscribed(partition).forEach(lookups.ask),
    onMessage: (partition, message) => receive(partition, message),
  });
  let stopped = false;

  const receive = (partition: number, message: Buffer): void => {
    if (!listeners.isWanted(partition)) return;
    const { outcomes, broken } = decodeOutcomes(message, listeners.has);
    for (const [id, outcome] of outcomes) listeners.deliver(id, outcome);
    if (broken > 0) logger.warn({ partition, broken }, 'outcomes that this version cannot read were dropped');
  };

  const want = (id: RequestId): boolean => subscriptions.want(partitionOf(id));
  const fullOf = (kind: Listener['kind'], max: number) => () => stopped || listeners.count(kind) >= max;
  const hasAllWaiters = fullOf('waiter', maxWaiters);
  const wait = newWait({
    listeners,
    lookUp: lookups.ask,
    want,
    isFull: () => stopping?.aborted === true || hasAllWaiters(),
    ...(timer && { timer }),
  });
  const watch = newWatch({ listeners, want, logger, isFull: fullOf('watcher', maxWatchers) });

  // One listener for all: a signal walks through its listeners whenever one comes or goes.
  const endWaits = (): void => listeners.end('waiter');
  stopping?.addEventListener('abort', endWaits, { once: true });

  return {
    outcomes: { wait, watch },
    waiting: () => listeners.count('waiter'),
    watching: () => listeners.count('watcher'),
    stop: () => {
      stopped = true;
      subscriptions.stop();
      stopping?.removeEventListener('abort', endWaits);
      listeners.end();
    },
  };
};
