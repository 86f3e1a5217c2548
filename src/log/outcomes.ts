import type { Redis } from 'ioredis';
import { partitionOf, type RequestId } from '../domain/ids.ts';
import type { Logger } from '../domain/ports.ts';
import type { Outcome, Outcomes, OutcomeWait } from './contract.ts';
import { type Look, newLooks } from './looks.ts';
import { decodeOutcomes } from './outcome-codec.ts';
import { newSubscriptions } from './subscriptions.ts';
import { newWaiters, type Waiter } from './waiters.ts';

export interface OutcomesOptions {
  /** A `subscriber` connection of its own. */
  readonly redis: Redis;
  /** Asks the tables, for what was published while nobody listened. */
  readonly look: Look;
  readonly logger: Logger;
  readonly maxWaiters?: number;
  readonly sweepMs?: number;
}

export interface OpenOutcomes {
  readonly outcomes: Outcomes;
  /** How many wait now, for the metrics. */
  readonly waiting: () => number;
  /** Ends all waits without an outcome. */
  readonly stop: () => void;
}

type WaitOptions = Parameters<Outcomes['wait']>[1];

const maxWaitersDefault = 20_000;
/** How long before the end of a wait the tables are asked. */
const lastLookMs = 100;

const notWaiting: OutcomeWait = { outcome: Promise.resolve(undefined), cancel: () => undefined };

/**
 * Waits over the outcome channels. `wait` need not be awaited before the append, even when it is the first of its
 * partition and the SUBSCRIBE is still on its way: as soon as a subscription stands, the tables are asked for all that
 * wait on it. An outcome is committed before it is published, so it is either in the tables by then or still to be
 * published. That costs one look where a promise to wait for would cost every first request a round trip.
 */
export const newOutcomes = ({
  redis,
  look,
  logger,
  maxWaiters = maxWaitersDefault,
  ...options
}: OutcomesOptions): OpenOutcomes => {
  const waiters = newWaiters();
  const looks = newLooks({ look, logger, isAwaited: waiters.has, found: waiters.tell });
  const subscriptions = newSubscriptions({
    ...options,
    redis,
    isWanted: waiters.isWanted,
    onSubscribed: (partition) => waiters.idsOf(partition).forEach(looks.ask),
    onMessage: (partition, message) => hear(partition, message),
  });
  let stopped = false;

  const hear = (partition: number, message: Buffer): void => {
    if (!waiters.isWanted(partition)) return;
    const { outcomes, broken } = decodeOutcomes(message, waiters.has);
    for (const [id, outcome] of outcomes) waiters.tell(id, outcome);
    if (broken > 0) logger.warn({ partition, broken }, 'outcomes that this version cannot read were dropped');
  };

  const wait = (id: RequestId, options: WaitOptions): OutcomeWait => {
    const refused = stopped || options.signal?.aborted === true || waiters.size() >= maxWaiters;
    if (refused || options.timeoutMs <= 0) return notWaiting;
    const begun = beginWait(id, options);
    subscriptions.want(partitionOf(id));
    return begun;
  };

  const beginWait = (id: RequestId, { timeoutMs, signal }: WaitOptions): OutcomeWait => {
    const { promise, resolve } = newDeferred<Outcome | undefined>();
    const lastMs = Math.min(lastLookMs, timeoutMs / 2);
    const lookLast = (): void => {
      timer = setTimeout(cancel, lastMs);
      looks.ask(id);
    };
    let timer = setTimeout(lookLast, timeoutMs - lastMs);
    const waiter: Waiter = {
      id,
      settle: (outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        waiters.remove(waiter);
        resolve(outcome);
      },
    };
    const cancel = (): void => waiter.settle(undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    waiters.add(waiter);
    return { outcome: promise, cancel };
  };

  const stop = (): void => {
    stopped = true;
    subscriptions.stop();
    waiters.endAll();
  };

  return { outcomes: { wait }, waiting: waiters.size, stop };
};

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

const newDeferred = <T>(): Deferred<T> => {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};
