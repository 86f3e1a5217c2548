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
  /** Reads the tables, for outcomes that were published while no subscription was active. */
  readonly lookUp: OutcomeLookup;
  readonly logger: Logger;
  readonly maxWaiters?: number;
  readonly maxWatchers?: number;
  readonly timer?: Timer;
  /** When aborted, all waits end and none begins any more; watches end with their connections. */
  readonly stopping?: AbortSignal;
}

export interface OpenOutcomes {
  readonly outcomes: Outcomes & OutcomeWatch;
  /** How many waits and watches there are now, for the metrics. */
  readonly waiting: () => number;
  readonly watching: () => number;
  /** Ends all waits without an outcome, and all watches. */
  readonly stop: () => void;
}

const maxWaitersDefault = 20_000;
const maxWatchersDefault = 10_000;

/**
 * Waits and watches on the outcome channels; both are listeners of the same subscriptions. The append need not wait for
 * the SUBSCRIBE, even for the first request of a partition: as soon as the subscription is active, the tables are read for
 * all that wait on it. An outcome is committed before it is published, so by then it is in the tables or still to be
 * published. One look-up after SUBSCRIBE is cheaper than a round trip before the first append of each partition.
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

  // One listener for all waits: adding or removing a listener takes time in proportion to their number.
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
