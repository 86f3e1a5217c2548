import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Logger } from '../../domain/ports.ts';
import { newDeferred } from '../../shared/deferred.ts';
import type { OutcomeWatch } from '../contract.ts';
import type { Listener, Listeners } from './listeners.ts';

export interface WatchOptions {
  readonly listeners: Listeners;
  /** Ensures the subscription on which `id` is published, and returns whether it is active already. */
  readonly want: (id: RequestId) => boolean;
  readonly logger: Logger;
  readonly isFull: () => boolean;
}

const standing = Promise.resolve();

/**
 * Look-ups and publications can overtake each other, and the outcome of a duplicate is published again. So a watcher
 * receives only outcomes newer than the last one it received.
 */
export const newWatch =
  ({ listeners, want, logger, isFull }: WatchOptions): OutcomeWatch['watch'] =>
  (id, listener) => {
    if (isFull()) return { type: 'full' };
    let ready: (() => void) | undefined;
    let deliveredMs = Number.NEGATIVE_INFINITY;
    const deliver = (outcome: Outcome): void => {
      const atMs = changedAtMs(outcome);
      if (atMs <= deliveredMs) return;
      deliveredMs = atMs;
      try {
        listener(outcome);
      } catch (error) {
        // The error of one listener must not keep the outcome from the others.
        logger.error({ id, error }, 'a listener failed on an outcome');
      }
    };
    const onSubscribed = (): boolean => {
      const missed = ready === undefined;
      ready?.();
      ready = undefined;
      return missed;
    };
    const stop = (): void => {
      listeners.remove(watcher);
      ready?.();
    };
    const watcher: Listener = { kind: 'watcher', id, deliver, onSubscribed, end: stop };
    listeners.add(watcher);
    if (want(id)) return { type: 'watching', ready: standing, stop };
    const subscribed = newDeferred<void>();
    ready = subscribed.resolve;
    return { type: 'watching', ready: subscribed.promise, stop };
  };

/** The time of the state in the outcome. No two states have the same, because batch times rise strictly. */
const changedAtMs = (outcome: Outcome): number => {
  switch (outcome.type) {
    case 'reservation': {
      const { changedAtMs, decidedAtMs, requestedAtMs } = outcome.reservation;
      return changedAtMs ?? decidedAtMs ?? requestedAtMs;
    }
    case 'show':
      return outcome.show.asOfMs;
    case 'answer':
      // A request has only one answer, so its order does not matter.
      return 0;
  }
};
