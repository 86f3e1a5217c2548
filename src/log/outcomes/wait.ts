import type { RequestId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { newDeferred } from '../../shared/deferred.ts';
import type { Outcomes, OutcomeWait } from '../contract.ts';
import type { Listener, Listeners } from './listeners.ts';

export interface WaitOptions {
  readonly listeners: Listeners;
  /** Asks the tables; what is found there is told to all listeners. */
  readonly look: (id: RequestId) => void;
  /** Makes sure of the subscription that `id` is published on. */
  readonly want: (id: RequestId) => void;
  readonly isFull: () => boolean;
  readonly alarm?: Alarm;
}

/** Calls back once after `ms`, unless called off before by what it returns. */
export type Alarm = (ms: number, ring: () => void) => () => void;

/** How long before the end of a wait the tables are asked. */
const lastLookMs = 100;

const realAlarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};

const notWaiting: OutcomeWait = { outcome: Promise.resolve(undefined), cancel: () => undefined };

/** A wait is over with the first outcome. */
export const newWait =
  ({ listeners, look, want, isFull, alarm = realAlarm }: WaitOptions): Outcomes['wait'] =>
  (id, { timeoutMs }) => {
    if (timeoutMs <= 0 || isFull()) return notWaiting;
    const { promise, resolve } = newDeferred<Outcome | undefined>();
    const lastMs = Math.min(lastLookMs, timeoutMs / 2);
    const lookLast = (): void => {
      callOff = alarm(lastMs, cancel);
      look(id);
    };
    let callOff = alarm(timeoutMs - lastMs, lookLast);
    const settle = (outcome: Outcome | undefined): void => {
      callOff();
      listeners.remove(waiter);
      resolve(outcome);
    };
    const cancel = (): void => settle(undefined);
    const waiter: Listener = { kind: 'waiter', id, tell: settle, onSubscribed: mayHaveMissed, end: cancel };
    listeners.add(waiter);
    want(id);
    return { outcome: promise, cancel };
  };

/** The request may have been decided before the subscription stood. */
const mayHaveMissed = (): boolean => true;
