import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Logger } from '../../domain/ports.ts';
import { newDeferred } from '../../shared/deferred.ts';
import type { OutcomeWatch } from '../contract.ts';
import type { Listener, Listeners } from './listeners.ts';

export interface WatchOptions {
  readonly listeners: Listeners;
  /** Makes sure of the subscription that `id` is published on, and tells whether it stands already. */
  readonly want: (id: RequestId) => boolean;
  readonly logger: Logger;
  readonly isFull: () => boolean;
}

const standing = Promise.resolve();

/**
 * Looks and publications overtake one another, and a duplicate is published again, so a watcher is told only what is
 * newer than what it was told last.
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
        // One listener's fault must not keep the others from being told.
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

/** When what the outcome tells of came to be; the owner's clock never gives one time to two states. */
const changedAtMs = (outcome: Outcome): number => {
  switch (outcome.type) {
    case 'reservation': {
      const { changedAtMs, decidedAtMs, requestedAtMs } = outcome.reservation;
      return changedAtMs ?? decidedAtMs ?? requestedAtMs;
    }
    case 'show':
      return outcome.show.asOfMs;
    case 'answer':
      // There is only one.
      return 0;
  }
};
