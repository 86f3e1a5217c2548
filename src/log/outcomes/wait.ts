import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { newDeferred } from '../../shared/deferred.ts';
import type { Outcomes, OutcomeWait } from '../contract.ts';
import type { Listener, Listeners } from './listeners.ts';

export interface WaitOptions {
  readonly listeners: Listeners;
  /** Reads the tables; an outcome found there is delivered to all listeners. */
  readonly lookUp: (id: RequestId) => void;
  /** Ensures the subscription on which `id` is published. */
  readonly want: (id: RequestId) => void;
  readonly isFull: () => boolean;
  readonly timer?: Timer;
}

/** Calls back once after `ms`. Returns a function that cancels the call. */
export type Timer = (ms: number, ring: () => void) => () => void;

/** How long before the end of a wait the tables are read. */
const lastLookUpMs = 100;

const realTimer: Timer = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};

const notWaiting: OutcomeWait = { outcome: Promise.resolve(undefined), cancel: () => undefined };

/** A wait ends with its first outcome. */
export const newWait =
  ({ listeners, lookUp, want, isFull, timer = realTimer }: WaitOptions): Outcomes['wait'] =>
  (id, { timeoutMs }) => {
    if (timeoutMs <= 0 || isFull()) return notWaiting;
    const { promise, resolve } = newDeferred<Outcome | undefined>();
    const lastMs = Math.min(lastLookUpMs, timeoutMs / 2);
    const lookUpLast = (): void => {
      cancelTimer = timer(lastMs, cancel);
      lookUp(id);
    };
    let cancelTimer = timer(timeoutMs - lastMs, lookUpLast);
    const settle = (outcome: Outcome | undefined): void => {
      cancelTimer();
      listeners.remove(waiter);
      resolve(outcome);
    };
    const cancel = (): void => settle(undefined);
    const waiter: Listener = {
      kind: 'waiter',
      id,
      deliver: settle,
      onSubscribed: mayHaveMissed,
      end: cancel,
    };
    listeners.add(waiter);
    want(id);
    return { outcome: promise, cancel };
  };

/** The request may have been decided before the subscription was active. */
const mayHaveMissed = (): boolean => true;
